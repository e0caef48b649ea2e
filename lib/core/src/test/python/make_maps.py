"""Writes the reference figures of whole networks, as resources/camlab/golden/README.md lays them out.

    python make_maps.py [case ...]
"""

import torch

import golden
import spread

# Name of the file: network, salt, side of the input, layers: the last one with positions, a middle one, one nested in
# a block.
CASES = {
    "alexnet": ("alexnet", golden.SALT, 224, ["features.10", "features.11", "features.4"]),
    "vgg16": ("vgg16", golden.SALT, 224, ["features.29", "features.21", "features.28"]),
    "resnet18": ("resnet18", golden.SALT, 224, ["layer4", "layer2", "layer3.1.conv2"]),
    "resnet50": ("resnet50", golden.SALT, 224, ["layer4", "layer3", "layer4.2.conv3"]),
    "squeezenet1_1": (
        "squeezenet1_1",
        golden.SALT,
        224,
        ["features.12", "features.7", "features.9.expand3x3"],
    ),
    "xception": ("xception", golden.SALT, 299, ["act4", "block6", "block12.rep.4"]),
    "efficientnet_lite0": (
        "efficientnet_lite0",
        golden.SALT,
        224,
        ["_swish", "_blocks.10", "_blocks.11._depthwise_conv"],
    ),
    "clear-alexnet": ("alexnet", "clear-5-", 64, ["features.10", "features.11", "features.4"]),
    "clear-vgg16": ("vgg16", "clear-0-", 32, ["features.29", "features.21", "features.28"]),
    "clear-resnet18": ("resnet18", "clear-11-", 64, ["layer4", "layer2", "layer3.1.conv2"]),
    "clear-resnet50": ("resnet50", "clear-0-", 64, ["layer4", "layer3", "layer4.2.conv3"]),
    "clear-squeezenet1_1": (
        "squeezenet1_1",
        "clear-15-",
        64,
        ["features.12", "features.7", "features.9.expand3x3"],
    ),
    "clear-xception": ("xception", "clear-0-", 48, ["act4", "block6", "block12.rep.4"]),
    "clear-efficientnet_lite0": (
        "efficientnet_lite0",
        "clear-1-",
        64,
        ["_swish", "_blocks.10", "_blocks.11._depthwise_conv"],
    ),
}

# The linear layer whose weights make the class activation map at a network's first named layer.
LINEAR = {"resnet18": "fc", "squeezenet1_1": "classifier.1", "xception": "fc", "efficientnet_lite0": "_fc"}

# Larger maps are kept for the first target only, so that the files stay small.
MANY_POSITIONS = 700


def figures(case, dtype):
    name, salt, size, layers = case
    network = golden.build(name, salt, dtype)
    recording = golden.Recording(network, golden.image(size, salt).to(dtype), layers)
    logits = recording.logits.detach()
    # A logit of exactly zero is cut off by a last ReLU (SqueezeNet) and has no gradient.
    lowest = logits.where(logits != 0, torch.inf).argmin()
    targets = [int(logits.argmax()), int(lowest)]
    entries = []
    gradients = []
    for target in targets:
        gradient = recording.input_gradient(recording.logits[target])
        gradients.append(
            {
                "target": target,
                "abs_sum": float(gradient.abs().sum()),
                "row0_head": golden.short(gradient[0, 0, :8]),
            }
        )
        for layer in layers:
            activation = recording.activation(layer)
            if target != targets[0] and activation[0].numel() > MANY_POSITIONS:
                continue
            maps = golden.maps(activation, recording.gradient(recording.logits[target], layer))
            if layer == layers[0] and name in LINEAR:
                weights = network.get_submodule(LINEAR[name]).weight[target].flatten()
                maps["cam"] = golden.weighted(weights, activation)
            entries.append(
                {
                    "layer": layer,
                    "target": target,
                    "shape": list(activation.shape),
                    "map": {key: golden.short(value) for key, value in maps.items()},
                }
            )
    return {
        "network": name,
        "salt": salt,
        "classes": len(logits),
        "input": size,
        "logits_head": golden.short(logits[:10]),
        "logits_sum": float(logits.sum()),
        "logits_abs_sum": float(logits.abs().sum()),
        "targets": targets,
        "maps": entries,
        "input_gradient": gradients,
    }


if __name__ == "__main__":
    spread.main(__file__, CASES, figures)
