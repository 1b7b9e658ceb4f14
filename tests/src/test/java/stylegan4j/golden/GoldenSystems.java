package stylegan4j.golden;

import static stylegan4j.golden.Route.COMPOSITE;
import static stylegan4j.golden.Route.DIRECT;
import static stylegan4j.golden.Route.FUSED;

import java.util.List;
import java.util.Set;
import stylegan4j.stylegan.encoder.StyleEncoderConfig.Head;

/** Which adapter computes a case, told from what its manifest says of its origin. */
final class GoldenSystems {
    /**
     * @param system the manifest's
     * @param source what the manifest's begins with
     * @param adapter null where there is none yet
     * @param routes ways of computing to run it by
     */
    record Entry(String system, String source, GoldenSystem adapter, Route... routes) {
        private boolean matches(Manifest manifest) {
            return system.equals(manifest.system()) && manifest.source().startsWith(source);
        }
    }

    private static final String NVLABS = "stylegan2-ada-pytorch";
    private static final String ROSINALITY = "stylegan2-pytorch";

    private static final String PSP = "eladrich/pixel2style2pixel@5cfff38 models/encoders/";
    private static final String E4E = "omertov/encoder4editing@99ea505 ";
    private static final String IDINVERT = "genforce/idinvert_pytorch@ce866b0 ";
    private static final String RESTYLE = "yuval-alaluf/restyle-encoder@5e80276 ";

    private static final List<Entry> ENTRIES = List.of(
            new Entry(NVLABS, "training/networks.py: Generator", new GeneratorSystem(), FUSED, COMPOSITE),
            new Entry(NVLABS, "training/networks.py: SynthesisBlock", new GeneratorSystem(), FUSED, COMPOSITE),
            new Entry(NVLABS, "training/networks.py: Discriminator", new DiscriminatorSystem(), DIRECT, COMPOSITE),
            new Entry(NVLABS, "training/networks.py: modulated_conv2d",
                    new ModulatedConvolutionSystem(), FUSED, COMPOSITE),
            new Entry(NVLABS, "torch_utils/ops/bias_act.py", new BiasActSystem(), FUSED),
            new Entry(NVLABS, "torch_utils/ops/conv2d_resample.py",
                    new ResampledConvolutionSystem(), FUSED, COMPOSITE),
            new Entry(NVLABS, "torch_utils/ops/upfirdn2d.py: setup_filter, upfirdn2d", new UpfirdnSystem(), FUSED),
            new Entry(NVLABS, "torch_utils/ops/upfirdn2d.py: upsample2d", new UpfirdnHelpersSystem(), FUSED),
            new Entry(NVLABS, "training/augment.py", new AugmentSystem(), FUSED),
            new Entry(ROSINALITY, "model.py: Generator", new RosinalityGeneratorSystem(), FUSED),
            new Entry(ROSINALITY, "model.py: Discriminator", new RosinalityDiscriminatorSystem(), DIRECT),
            new Entry("stylegan3", "", null, FUSED),
            new Entry("StyleGAN2 projector", "rosinality/stylegan2-pytorch projector.py noise_regularize",
                    new NoiseRegularizationSystem(), FUSED),
            new Entry("StyleGAN2 projector", "NVlabs/stylegan2-ada-pytorch projector.py",
                    new ProjectorSchedulesSystem(), FUSED),
            new Entry("PTI", "danielroich/PTI@da94d59 criteria/localitly_regulizer.py", new LocalitySystem(), FUSED),
            new Entry("HyperStyle", "yuval-alaluf/hyperstyle@a723c73 criteria/ms_ssim.py", new SsimSystem(), FUSED),
            new Entry("pSp", "eladrich/pixel2style2pixel@5cfff38 criteria/w_norm.py", new LatentNormSystem(), FUSED),
            new Entry("pSp", PSP + "psp_encoders.py _upsample_add", EncoderBlockSystem::upsampleAdd, FUSED),
            new Entry("pSp", PSP + "helpers.py", EncoderBlockSystem::irBlock, FUSED),
            new Entry("pSp", PSP + "psp_encoders.py GradualStyleEncoder", new EncoderSystem(Head.PYRAMID, false),
                    FUSED),
            new Entry("pSp", PSP + "psp_encoders.py BackboneEncoderUsingLastLayerIntoWPlus",
                    new EncoderSystem(Head.INTO_W_PLUS, false), FUSED),
            new Entry("pSp", PSP + "psp_encoders.py BackboneEncoderUsingLastLayerIntoW",
                    new EncoderSystem(Head.INTO_W, false), FUSED),
            new Entry("pSp", PSP + "psp_encoders.py", EncoderBlockSystem::styleBlock, FUSED),
            new Entry("pSp", "eladrich/pixel2style2pixel@5cfff38 models/psp.py", new EncoderModelSystem(), FUSED),
            new Entry("e4e", E4E + "models/discriminator.py", new LatentDiscriminatorSystem(), FUSED),
            new Entry("e4e", E4E + "models/encoders/psp_encoders.py Encoder4Editing",
                    new EncoderSystem(Head.PROGRESSIVE_PYRAMID, false), FUSED),
            new Entry("e4e", E4E + "models/encoders/psp_encoders.py BackboneEncoderUsingLastLayerIntoW",
                    new EncoderSystem(Head.INTO_W, false), FUSED),
            new Entry("e4e", E4E + "models/psp.py", new EncoderModelSystem(), FUSED),
            new Entry("ReStyle", RESTYLE + "utils/inference_utils.py", new EncoderModelSystem(), FUSED),
            new Entry("ReStyle", RESTYLE + "models/encoders/restyle_psp_encoders.py BackboneEncoder",
                    new EncoderSystem(Head.LAST_LEVEL, false), FUSED),
            new Entry("ReStyle", RESTYLE + "models/encoders/restyle_psp_encoders.py ResNetBackboneEncoder",
                    new EncoderSystem(Head.LAST_LEVEL, true), FUSED),
            new Entry("ReStyle", RESTYLE + "models/encoders/restyle_e4e_encoders.py ProgressiveBackboneEncoder",
                    new EncoderSystem(Head.PROGRESSIVE_LAST_LEVEL, false), FUSED),
            new Entry("ReStyle", RESTYLE + "models/encoders/restyle_e4e_encoders.py ResNetProgressive",
                    new EncoderSystem(Head.PROGRESSIVE_LAST_LEVEL, true), FUSED),
            new Entry("ReStyle", RESTYLE + "models/encoders/fpn_encoders.py GradualStyleEncoder",
                    new EncoderSystem(Head.PYRAMID, false), FUSED),
            new Entry("ReStyle", RESTYLE + "models/encoders/fpn_encoders.py ResNetGradualStyleEncoder",
                    new EncoderSystem(Head.PYRAMID, true), FUSED),
            new Entry("IDInvert", IDINVERT + "models/stylegan_encoder_network.py", IdInvertSystem::encoder, FUSED),
            new Entry("IDInvert", IDINVERT + "utils/inverter.py", IdInvertSystem::objective, FUSED),
            new Entry("IDInvert", IDINVERT + "utils/editor.py", IdInvertSystem::manipulate, FUSED),
            new Entry("StyleGAN1", "", IdInvertSystem::generator, FUSED),
            new Entry("LPIPS", "", new LpipsSystem(), FUSED),
            new Entry("Image2StyleGAN", "", new Vgg16System(), FUSED),
            new Entry("ArcFace", "", IdentitySystem::arcFace, FUSED),
            new Entry("CurricularFace", "", IdentitySystem::curricularFace, FUSED),
            new Entry("MoCo", "", IdentitySystem::moco, FUSED));

    private static final Set<String> NOT_YET = Set.of("CycleGAN", "GANSpace", "HyperStyle",
            "InterFaceGAN", "PatchGAN", "SeFa", "StyleTransformer", "pix2pix");

    private GoldenSystems() {
    }

    /** @throws IllegalArgumentException if nothing is known of the case's system */
    static Entry of(Manifest manifest) {
        return ENTRIES.stream().filter(e -> e.matches(manifest)).findFirst().orElseGet(() -> {
            if (NOT_YET.contains(manifest.system())) {
                return new Entry(manifest.system(), "", null, FUSED);
            }
            throw new IllegalArgumentException("unknown system " + manifest.system() + ", " + manifest.source());
        });
    }
}
