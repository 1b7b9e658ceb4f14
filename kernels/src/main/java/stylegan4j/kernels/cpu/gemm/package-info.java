/** Matrix products on the CPU: blocks that suit the caches, packed operands, register tiles. */
package stylegan4j.kernels.cpu.gemm;
