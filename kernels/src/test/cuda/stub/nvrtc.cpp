// A compiler of CUDA 13: g++ makes a shared library for the host's grid (host_grid.h, in the folder STUB_INCLUDE), whose
// path is the "machine code". Each compilation leaves a line in the file log of the folder STUB_FOLDER.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <unistd.h>

struct Program {
    std::string source;
    std::string code;
};

extern "C" {
int nvrtcVersion(int* major, int* minor) { *major = 13; *minor = 0; return 0; }
const char* nvrtcGetErrorString(int) { return "as the stub was told"; }
int nvrtcGetNumSupportedArchs(int* count) { *count = 3; return 0; }
int nvrtcGetSupportedArchs(int* archs) { archs[0] = 75; archs[1] = 90; archs[2] = 100; return 0; }
int nvrtcCreateProgram(Program** program, const char* source, const char*, int, const char* const*,
                       const char* const*) {
    *program = new Program{source, ""};
    return 0;
}
int nvrtcDestroyProgram(Program** program) { delete *program; return 0; }
int nvrtcCompileProgram(Program* program, int count, const char* const* options) {
    std::string folder = getenv("STUB_FOLDER");
    static int number = 0;
    std::string stem = folder + "/module" + std::to_string(getpid()) + "_" + std::to_string(number++);
    std::ofstream(stem + ".cpp") << program->source;
    std::ofstream log(folder + "/log", std::ios::app);
    log << "compile";
    std::string definitions;
    for (int i = 0; i < count; i++) {
        log << " " << options[i];
        definitions += strncmp(options[i], "-D", 2) == 0 ? std::string(" '") + options[i] + "'" : "";
    }
    log << "\n";
    const char* include = getenv("STUB_INCLUDE");
    std::string command = "g++ -std=c++17 -O2 -march=native -w -shared -fPIC -DSTYLEGAN4J_HOST_GRID -I '"
            + std::string(include == nullptr ? "." : include) + "'" + definitions + " -o " + stem + ".so " + stem
            + ".cpp 2> " + stem + ".log";
    if (system(command.c_str()) != 0) {
        return 6;
    }
    program->code = "STUB" + stem + ".so";
    return 0;
}
int nvrtcGetProgramLogSize(Program*, size_t* size) { *size = 19; return 0; }
int nvrtcGetProgramLog(Program*, char* log) { strcpy(log, "the stub's message"); return 0; }
int nvrtcGetCUBINSize(Program* program, size_t* size) { *size = program->code.size() + 1; return 0; }
int nvrtcGetCUBIN(Program* program, char* code) { strcpy(code, program->code.c_str()); return 0; }
}
