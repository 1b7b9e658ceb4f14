package stylegan4j.cli;

import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a time given in minutes: 0 to a year, with fractions. */
final class Minutes implements ITypeConverter<Duration> {
    private static final double MOST = 366 * 24 * 60;

    @Override
    public Duration convert(String value) {
        double minutes;
        try {
            minutes = Double.parseDouble(value);
        } catch (NumberFormatException e) {
            minutes = Double.NaN;
        }
        if (!(minutes >= 0 && minutes <= MOST)) {
            throw new TypeConversionException("expected minutes from 0 to " + (int) MOST + ", got " + value);
        }
        return Duration.ofMillis(Math.round(minutes * 60e3));
    }
}
