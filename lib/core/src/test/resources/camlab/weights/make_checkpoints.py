"""Writes checkpoints as training scripts leave them: the weights of one tiny network, wrapped.

    python make_checkpoints.py [folder]

In each file lies the layer conv (3 outputs of 2 inputs), whose weight is 0 to 5 and whose bias is
10 to 12; copies of it beside the network have 100 more. Made with torch 2.7.1 and numpy 2.
"""

import argparse
import collections
import datetime
import decimal
import pathlib
import sys
from typing import Any

import numpy
import torch

folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)


def weights(prefix: str = "", more: int = 0) -> collections.OrderedDict:
    """The network's tensors, each value plus ``more``, with a prefix before each name."""
    return collections.OrderedDict(
        {
            prefix + "conv.weight": torch.arange(6.0).reshape(3, 2) + more,
            prefix + "conv.bias": torch.arange(10.0, 13.0) + more,
        }
    )


def settings() -> dict[str, Any]:
    """What trainers keep beside the weights."""
    return {
        "epoch": 7,
        "best": numpy.float64(0.91),
        "curve": numpy.linspace(0, 1, 3),
        "args": argparse.Namespace(lr=0.1, data=pathlib.PurePosixPath("data/pets")),
        "classes": {"cat", "dog"},
        "frozen": frozenset({"conv"}),
        "counted": collections.Counter("abba"),
        "grouped": collections.defaultdict(list, cat=[1, 2]),
        "last": collections.deque([0.3, 0.2], maxlen=5),
        "started": datetime.datetime(2026, 1, 2, 3, 4, 5),
        "took": datetime.timedelta(minutes=5),
        "rate": decimal.Decimal("0.001"),
        "confusion": {("cat", "dog"): 3, None: 0},
        "state": b"\x00\x01",
        "version": torch.__version__,
        "type": torch.float32,
        "device": torch.device("cpu"),
        "optimizer": {
            "state": {0: {"step": torch.tensor(5.0), "exp_avg": torch.ones(3, 2)}},
            "param_groups": [{"lr": 0.1, "params": [0, 1]}],
        },
    }


def save(name: str, content: Any, **options: Any) -> None:
    torch.save(content, folder / f"checkpoint-{name}.pth", **options)


for name, prefix in {
    "orig_mod": "_orig_mod.",
    "module-orig_mod": "module._orig_mod.",
    "orig_mod-module": "_orig_mod.module.",
    "model": "model.",
    "net-module": "net.module.",
    "fsdp": "_fsdp_wrapped_module.",
    "backbone": "encoder.backbone.",
}.items():
    save(name, weights(prefix))

compiled_inside = weights("stem._orig_mod.")
compiled_inside.update(weights("head._orig_mod."))
save("orig_mod-inside", compiled_inside)

save("trainer", {"model_state_dict": weights("module."), **settings()})
save("trainer-protocol4", {"net": weights(), **settings()}, pickle_protocol=4)
save("trainer-legacy", {"state_dict": weights(), **settings()}, _use_new_zipfile_serialization=False)
save("plain", weights())
save("counter-set", {"state_dict": weights(), "classes": {"cat", "dog"}})
save("numpy-scalar", {"epoch": 3, "best_acc": numpy.float64(0.91), "state_dict": weights()})
save("ema", {"ema": {"module": weights(more=100)}, "model": weights(), "epoch": 1})
save("only-ema", {"model_ema": weights(), "epoch": 1})
save("deep", {"checkpoint": {"model": {"state_dict": weights("model.")}}, "mean": torch.zeros(3)})
save("several", {"generator": weights(), "discriminator": weights(more=100), "epoch": 1})
save("own-name", {"classifier": weights(), **settings()})
save("beside", {**weights(), "conv._extra_state": None, "epoch": 3})
save("no-weights", {"epoch": 3, "args": argparse.Namespace(lr=0.1)})

lightning = weights("model.")
lightning["criterion.weight"] = torch.ones(2)
save("lightning", {"state_dict": lightning, "hyper_parameters": {"lr": 0.1}, "callbacks": {
    "ModelCheckpoint{'monitor': None}": {"best_model_score": torch.tensor(0.9)}}})

beside = {"rows": range(3), "all": ..., "part": slice(1, 4, 2), "kinds": [str, int], "none": NotImplemented}
save("builtins", {"state_dict": weights(), **beside})
save("builtins-protocol4", {"state_dict": weights(), **beside}, pickle_protocol=4)

parameter = torch.nn.Parameter(torch.arange(6.0).reshape(3, 2))
parameter.label = "an attribute of its own"
save("attributes", collections.OrderedDict({"conv.weight": parameter, "conv.bias": torch.arange(10.0, 13.0)}))
