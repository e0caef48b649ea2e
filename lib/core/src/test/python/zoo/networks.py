"""The networks of the check: which they are, and what is known of them without running them."""

import dataclasses

import torch
from torch import nn


@dataclasses.dataclass(frozen=True)
class Case:
    """A network of torchvision or timm.

    `before` is how many tokens without a position come first in its sequences; `last` is where the map of its last block
    is taken, which has to be right whatever layer is offered by default: its output, or where only the class token goes
    on from there, its first norm; `options` go to its constructor.
    """

    library: str
    name: str
    before: int = 0
    last: str = ""
    options: tuple[tuple[str, object], ...] = ()
    suffix: str = ""

    @property
    def title(self) -> str:
        return f"{self.library}-{self.name}{self.suffix}"


def vision(name: str, before: int = 0, last: str = "", suffix: str = "", **options: object) -> Case:
    return Case("torchvision", name, before, last, tuple(options.items()), suffix)


def timm(name: str, before: int = 0, last: str = "") -> Case:
    return Case("timm", name, before, last)


TRANSFORMERS_AND_THE_LIKE = [
    timm("swin_tiny_patch4_window7_224", last="layers.3.blocks.1"),
    timm("deit_tiny_patch16_224", before=1, last="blocks.11.norm1"),
    timm("levit_128s", last="stages.2.blocks.3"),
    timm("mixer_s32_224", last="blocks.7"),
    timm("mobilevit_s", last="stages.4"),
    vision("convnext_tiny", last="features.7"),
    timm("poolformer_s12", last="stages.3"),
    timm("efficientformer_l1", last="stages.3"),
    vision("swin_t", last="features.7"),
    vision("maxvit_t", last="blocks.3"),
    timm("vit_base_patch32_clip_224", before=1, last="blocks.11.norm1"),
    vision("vit_b_32", before=1, last="encoder.layers.encoder_layer_11.ln_1"),
    timm("vit_tiny_patch16_224", before=1, last="blocks.11.norm1"),
    timm("deit_tiny_distilled_patch16_224", before=2, last="blocks.11.norm1"),
    timm("convnextv2_atto", last="stages.3"),
    timm("edgenext_xx_small", last="stages.3"),
    timm("caformer_s18", last="stages.3"),
    timm("nest_tiny", last="levels.2"),
    vision("swin_v2_t", last="features.7"),
    timm("swinv2_cr_tiny_ns_224", last="stages.3"),
    timm("convnext_atto", last="stages.3"),
    timm("mobilevitv2_050", last="stages.4"),
    timm("efficientformerv2_s0", last="stages.3"),
    timm("pvt_v2_b0", last="stages.3"),
    timm("resmlp_12_224", last="blocks.11"),
    timm("gmlp_s16_224", last="blocks.29"),
    timm("pit_ti_224", before=1),
    timm("visformer_tiny", last="stage3"),
    timm("cait_xxs24_224"),
    timm("xcit_nano_12_p16_224"),
    timm("fastvit_t8", last="stages.3"),
    timm("repvit_m0_9", last="stages.3"),
    timm("efficientvit_b0", last="stages.3"),
    timm("tiny_vit_5m_224", last="stages.3"),
    timm("mambaout_femto", last="stages.3"),
]

CONVOLUTIONAL = [
    vision("resnet18", last="layer4"),
    vision("mobilenet_v2", last="features"),
    vision("googlenet", last="inception5b", aux_logits=False, init_weights=False),
    vision("googlenet", last="inception5b", suffix="-aux", aux_logits=True, init_weights=False),
    vision("inception_v3", last="Mixed_7c", aux_logits=False, init_weights=False),
    vision("inception_v3", last="Mixed_7c", suffix="-aux", aux_logits=True, init_weights=False),
    timm("mobileone_s0", last="stages.3"),
    vision("squeezenet1_1", last="features"),
    vision("regnet_y_400mf", last="trunk_output"),
    vision("mobilenet_v3_small", last="features"),
    vision("efficientnet_b0", last="features"),
    vision("shufflenet_v2_x0_5", last="conv5"),
    vision("mnasnet0_5"),
    vision("densenet121", last="features"),
    vision("alexnet", last="features"),
    vision("vgg11_bn", last="features"),
    vision("resnet50", last="layer4"),
    vision("resnext50_32x4d", last="layer4"),
    vision("mobilenet_v3_large", last="features"),
    vision("regnet_x_400mf", last="trunk_output"),
    vision("shufflenet_v2_x1_0", last="conv5"),
    vision("efficientnet_v2_s", last="features"),
    timm("ghostnet_100"),
    timm("repvgg_a0", last="stages.3"),
    timm("tf_efficientnet_lite0", last="blocks"),
    timm("tinynet_e", last="blocks"),
    timm("lcnet_050", last="blocks"),
    timm("hardcorenas_a", last="blocks"),
    timm("fbnetc_100", last="blocks"),
    timm("mixnet_s", last="blocks"),
    timm("regnety_002", last="s4"),
    timm("rexnet_100", last="features"),
    timm("resnetv2_50", last="norm"),
    timm("seresnext26d_32x4d", last="layer4"),
    timm("resnest14d", last="layer4"),
    timm("res2net50_26w_4s", last="layer4"),
    timm("dla34", last="level5"),
    timm("hrnet_w18_small"),
    timm("dpn68", last="features"),
    timm("legacy_xception", last="act4"),
    timm("cspresnet50", last="stages.3"),
    timm("ese_vovnet19b_dw", last="stages.3"),
    timm("selecsls42b"),
    timm("gernet_s", last="stages.3"),
    timm("darknet53", last="stages.4"),
    timm("nf_regnet_b1", last="stages.3"),
    timm("eca_nfnet_l0", last="stages.3"),
    timm("starnet_s1", last="stages.3"),
    timm("inception_next_atto", last="stages.3"),
]

CASES = TRANSFORMERS_AND_THE_LIKE + CONVOLUTIONAL


def build(case: Case) -> tuple[nn.Module, int]:
    """The network in evaluation mode, with its constructor's weights, and the size of its pictures."""
    torch.manual_seed(0)
    if case.library == "timm":
        import timm as library

        network = library.create_model(case.name, pretrained=False, scriptable=True)
        return network.eval(), network.default_cfg["input_size"][-1]
    from torchvision import models

    network = models.get_model(case.name, weights=None, **dict(case.options))
    return network.eval(), models.get_model_weights(case.name).DEFAULT.transforms().crop_size[0]
