package stylegan4j.cli;

import picocli.CommandLine.IVersionProvider;

/** The version that the jar's manifest states. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Main.class.getPackage().getImplementationVersion();
        return new String[] {"stylegan4j " + (version == null ? "(unpackaged)" : version)
                + ", Java " + Runtime.version().feature()};
    }
}
