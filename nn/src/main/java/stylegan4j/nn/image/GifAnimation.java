package stylegan4j.nn.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.FileImageOutputStream;
import stylegan4j.nn.NewFile;

/** GIF 89a with a palette for each frame. */
final class GifAnimation extends Animation {
    private static final int HUNDREDTHS = 100;

    private final NewFile target;
    private final ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
    private final FileImageOutputStream out;
    private final double framesPerSecond;
    private final int loops;
    private boolean completed;

    GifAnimation(Path file, double framesPerSecond, int loops) throws IOException {
        super(file);
        this.target = new NewFile(file);
        this.out = new FileImageOutputStream(target.path().toFile());
        this.framesPerSecond = framesPerSecond;
        this.loops = loops;
        writer.setOutput(out);
        writer.prepareWriteSequence(null);
    }

    @Override
    void write(Image frame, int index) throws IOException {
        Image rgb = frame.convert(3);
        Palette palette = Palette.of(rgb);
        byte[] indices = palette.dither(rgb);
        var raster = Raster.createInterleavedRaster(new DataBufferByte(indices, indices.length), rgb.width(),
                rgb.height(), rgb.width(), 1, new int[] {0}, null);
        var indexed = new BufferedImage(palette.colorModel(), raster, false, null);
        ImageWriteParam options = writer.getDefaultWriteParam();
        // Interlaced otherwise: larger, and not every reader puts the rows of small pictures in order.
        options.setProgressiveMode(ImageWriteParam.MODE_DISABLED);
        writer.writeToSequence(new IIOImage(indexed, null, metadata(indexed, index)), options);
    }

    @Override
    void complete(int frameCount) throws IOException {
        writer.endWriteSequence();
        out.close();
        completed = true;
        target.commit();
    }

    @Override
    public void close() throws IOException {
        writer.dispose();
        if (!completed) {
            out.close();
        }
        target.close();
    }

    private IIOMetadata metadata(BufferedImage image, int index) throws IOException {
        IIOMetadata metadata = writer.getDefaultImageMetadata(new ImageTypeSpecifier(image), null);
        String format = metadata.getNativeMetadataFormatName();
        var root = new IIOMetadataNode(format);
        root.appendChild(graphicControl(index));
        // Without the extension a file is played once.
        if (index == 0 && loops != 1) {
            root.appendChild(loopExtension());
        }
        metadata.mergeTree(format, root);
        return metadata;
    }

    private IIOMetadataNode graphicControl(int index) {
        var control = new IIOMetadataNode("GraphicControlExtension");
        control.setAttribute("disposalMethod", "none");
        control.setAttribute("userInputFlag", "FALSE");
        control.setAttribute("transparentColorFlag", "FALSE");
        control.setAttribute("transparentColorIndex", "0");
        // Each frame ends at its rounded time, so that roundings do not add up.
        long delay = endOf(index) - endOf(index - 1);
        control.setAttribute("delayTime", Long.toString(Math.min(delay, 0xffff)));
        return control;
    }

    private long endOf(int index) {
        return Math.round((index + 1) * HUNDREDTHS / framesPerSecond);
    }

    /** Netscape's: the number of repeats after the first time, 0 being for ever. */
    private IIOMetadataNode loopExtension() {
        int repeats = loops == 0 ? 0 : loops - 1;
        var extension = new IIOMetadataNode("ApplicationExtension");
        extension.setAttribute("applicationID", "NETSCAPE");
        extension.setAttribute("authenticationCode", "2.0");
        extension.setUserObject(new byte[] {1, (byte) repeats, (byte) (repeats >> 8)});
        var extensions = new IIOMetadataNode("ApplicationExtensions");
        extensions.appendChild(extension);
        return extensions;
    }
}
