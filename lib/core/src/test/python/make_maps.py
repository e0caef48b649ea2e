"""Writes the reference figures of whole networks, as resources/camlab/golden/README.md lays them out.

    python make_maps.py [network ...]
"""

import sys

import torch

import golden

# Name, side of the input, layers: the last one with positions, a middle one, one nested in a block.
NETWORKS = {
    "vgg16": (224, ["features.29", "features.21", "features.28"]),
    "resnet18": (224, ["layer4", "layer2", "layer3.1.conv2"]),
    "squeezenet1_1": (224, ["features.12", "features.7", "features.9.expand3x3"]),
    "xception": (299, ["act4", "block6", "block12.rep.4"]),
}

# The linear layer whose weights make the class activation map at a network's first named layer.
LINEAR = {"resnet18": "fc", "squeezenet1_1": "classifier.1", "xception": "fc"}

# Larger maps are kept for the first target only, so that the files stay small.
MANY_POSITIONS = 700


def figures(name, size, layers):
    network = golden.build(name)
    recording = golden.Recording(network, golden.image(size), layers)
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
        "salt": golden.SALT,
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
    for name in sys.argv[1:] or NETWORKS:
        golden.write(f"{name}.json", figures(name, *NETWORKS[name]))
