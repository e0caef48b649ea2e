"""Times CamLab beside pytorch-grad-cam, torch-cam and captum.

    python3 lib/benchmark/side_by_side.py            what is asked with few passes, some twenty minutes
    python3 lib/benchmark/side_by_side.py --slow     and Ablation-CAM, Score-CAM, SmoothGrad, integrated gradients
    python3 lib/benchmark/side_by_side.py --batching --threads 2     what CamLab gains by running several at once

The same networks (torchvision's, with weights by lot), the same numbers for a picture, as many threads each and as many
cores (one, if nobody says), the same ones where the system lets a program choose. All take turns, round after round;
what is told are medians by the clock, and their ratios. The packages are called as their own documentation shows;
grad-cam, which works out the gradients of the weights, too, also with weights that need none. The first call makes an
environment with the peers under target/ and builds the Java side.
"""

import argparse
import functools
import math
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import time
import venv

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PEERS = HERE / "target" / "peers"
PYTHON = PEERS / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
CLASSPATH = HERE / "target" / "classpath"
WEIGHTS = HERE / "target" / "weights"

LAYERS = {
    "alexnet": "features.11",
    "vgg16": "features.29",
    "squeezenet1_1": "features.12",
    "resnet18": "layer4",
    "resnet50": "layer4",
}
QUICK = [
    ("alexnet", "Grad-CAM", 1),
    ("squeezenet1_1", "Grad-CAM", 1),
    ("vgg16", "Grad-CAM", 1),
    ("resnet18", "Grad-CAM", 1),
    ("resnet50", "Grad-CAM", 1),
    ("resnet50", "two classes", 1),
    ("resnet50", "LayerCAM", 1),
    ("resnet18", "Grad-CAM", 32),
]
SLOW = [
    ("resnet18", "SmoothGrad", 1),
    ("resnet18", "Integrated gradients", 1),
    ("resnet18", "Ablation-CAM", 1),
    ("resnet18", "Score-CAM", 1),
]
FROZEN = "pytorch-grad-cam, weights frozen"
BATCHED = [
    ("Grad-CAM of 32 pictures", ("Grad-CAM", 1), ("Grad-CAM", 32)),
    ("SmoothGrad, 25 copies", ("SmoothGrad, one by one", 1), ("SmoothGrad", 1)),
    ("Integrated gradients, 50 steps", ("Integrated gradients, one by one", 1), ("Integrated gradients", 1)),
]
SIDES = ["CamLab", "pytorch-grad-cam", FROZEN, "torch-cam", "captum"]
BATCH = 16
SIDE = 224


def prepare():
    """The environment with the peers, and the classes, where they are not there yet."""
    if not PYTHON.exists():
        venv.create(PEERS, with_pip=True)
        subprocess.run([PYTHON, "-m", "pip", "install", "-q", "-r", HERE / "peers.txt"], check=True)
    if not CLASSPATH.exists():
        maven = ROOT / ("mvnw.cmd" if os.name == "nt" else "mvnw")
        goals = ["-Dmaven.test.skip", "package", "dependency:build-classpath"]
        where = ["-Dmdep.outputFile=target/classpath", "-DincludeScope=runtime"]
        subprocess.run([maven, "-q", "-pl", "lib/benchmark", "-am", *goals, *where], cwd=ROOT, check=True)


class Java:
    """CamLab, in a process of its own that answers line by line."""

    def __init__(self):
        path = os.pathsep.join([str(HERE / "target" / "classes"), CLASSPATH.read_text(encoding="utf-8").strip()])
        self.process = subprocess.Popen(
            ["java", "-Xmx2g", "-cp", path, "camlab.benchmark.Side", str(WEIGHTS)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        )

    def ask(self, network, work, pictures):
        self.process.stdin.write("\t".join([network, LAYERS[network], work, str(pictures)]) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit("The Java side has ended; what it said stands above.")
        return answer.strip()

    def time(self, network, work, pictures):
        return float(self.ask(network, work, pictures))


class Peers:
    """The Python packages, on the same weights."""

    def __init__(self, threads):
        import captum.attr
        import pytorch_grad_cam
        import torch
        import torchcam.methods
        import torchvision.models

        self.torch, self.captum = torch, captum.attr
        self.grad_cam, self.torchcam = pytorch_grad_cam, torchcam.methods
        torch.set_num_threads(threads)
        torch.set_num_interop_threads(1)
        WEIGHTS.mkdir(parents=True, exist_ok=True)
        self.models = {}
        for name in LAYERS:
            torch.manual_seed(1)
            model = getattr(torchvision.models, name)(weights=None).eval()
            torch.save(model.state_dict(), WEIGHTS / f"{name}.pth")
            self.models[name] = model

    def input(self, pictures):
        count = pictures * 3 * SIDE * SIDE
        values = self.torch.tensor([math.sin(0.37 * i) for i in range(count)], dtype=self.torch.float64)
        return values.float().reshape(pictures, 3, SIDE, SIDE)

    def works(self, network, work, pictures):
        """What each package does, where it has it: a function without arguments, which may leave a map."""
        model, layer = self.models[network], self.models[network].get_submodule(LAYERS[network])
        picture = self.input(pictures)
        by_grad_cam = {"Grad-CAM": "GradCAM", "two classes": "GradCAM", "LayerCAM": "LayerCAM",
                       "Ablation-CAM": "AblationCAM", "Score-CAM": "ScoreCAM"}
        by_torchcam = {"Grad-CAM": "GradCAM", "two classes": "GradCAM", "LayerCAM": "LayerCAM", "Score-CAM": "ScoreCAM"}
        classes = [0, 1] if work == "two classes" else [0]

        def forward():
            with self.torch.no_grad():
                return model(picture)

        def frozen():
            model.requires_grad_(False)
            try:
                return grad_cam(picture.clone().requires_grad_())
            finally:
                model.requires_grad_(True)

        def grad_cam(shown=picture):
            target = self.grad_cam.utils.model_targets.ClassifierOutputTarget
            with getattr(self.grad_cam, by_grad_cam[work])(model, [layer]) as method:
                method.batch_size = BATCH
                return [method(shown, [target(index)] * pictures) for index in classes]

        def torch_cam():
            more = {"batch_size": BATCH} if work == "Score-CAM" else {}
            with getattr(self.torchcam, by_torchcam[work])(model, layer, **more) as method:
                scores = model(picture.clone().requires_grad_())
                again = {"retain_graph": True} if work != "Score-CAM" else {}
                return [method([index] * pictures if pictures > 1 else index, scores, **again)[0] for index in classes]

        def captum():
            if work == "SmoothGrad":
                noisy = self.captum.NoiseTunnel(self.captum.Saliency(model))
                return noisy.attribute(picture, nt_samples=25, stdevs=0.3, target=0)
            if work == "Integrated gradients":
                return self.captum.IntegratedGradients(model).attribute(
                    picture, n_steps=50, target=0, method="riemann_middle")
            return [self.captum.LayerGradCam(model, layer).attribute(picture, target=index) for index in classes]

        works = {"forward": forward}
        if work in by_grad_cam:
            works["pytorch-grad-cam"] = grad_cam
        if work in ("Grad-CAM", "two classes", "LayerCAM"):
            works[FROZEN] = frozen
        if work in by_torchcam:
            works["torch-cam"] = torch_cam
        if work in ("Grad-CAM", "two classes", "SmoothGrad", "Integrated gradients"):
            works["captum"] = captum
        return works


def clocked(work):
    begin = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begin)


def measured(java, peers, network, work, pictures, rounds, warm):
    """
    The medians of all sides, each by its name, and of a forward pass on both. Each round begins with another one: what
    runs behind a longer wait finds less of its memory near the processor.
    """
    sides = [
        ("CamLab forward", lambda: java.time(network, "forward", pictures)),
        ("CamLab", lambda: java.time(network, work, pictures)),
    ]
    for side, run in peers.works(network, work, pictures).items():
        sides.append(("PyTorch forward" if side == "forward" else side, functools.partial(clocked, run)))
    times = {side: [] for side, _ in sides}
    for first in range(warm + rounds):
        for i in range(len(sides)):
            side, time_of = sides[(first + i) % len(sides)]
            times[side].append(time_of())
    return {side: statistics.median(some[warm:]) for side, some in times.items()}


def differences(java, peers):
    """How far CamLab's maps are from torch-cam's, both scaled between 0 and 1."""
    print("Largest differences from torch-cam's maps, which lie between 0 and 1:")
    for network in LAYERS:
        found = []
        for method in ["Grad-CAM", "LayerCAM"]:
            ours = [float(text) for text in java.ask(network, f"map of {method}", 1).split()]
            theirs = peers.works(network, method, 1)["torch-cam"]()[0].flatten().tolist()
            largest = max(abs(one - other) for one, other in zip(ours, theirs))
            found.append(f"{method} {largest:.1e}" if max(ours) > 0 else f"{method} is 0 everywhere")
        print(f"  {network}: {', '.join(found)}")


def batching(java, rounds):
    """One after the other, and several at once, by turns: milliseconds a picture, and how many times as fast that is."""
    print("| network | what | one by one, ms a picture | together, ms a picture | times as fast |")
    print("|---|---|---|---|---|", flush=True)
    for network in ["alexnet", "squeezenet1_1", "resnet18"]:
        for what, apart, together in BATCHED:
            times = [[java.time(network, work, pictures) / pictures for work, pictures in (apart, together)]
                     for _ in range(rounds + 1)]
            one, several = (statistics.median(some) for some in zip(*times[1:]))
            print(f"| {network} | {what} | {one:,.1f} | {several:,.1f} | {one / several:.2f} × |", flush=True)


def row(network, work, pictures, medians):
    def cell(side):
        if side not in medians:
            return "—"
        return f"{medians[side]:,.1f} ({medians[side] / medians['CamLab forward']:.2f} ×)"

    what = work if pictures == 1 else f"{work}, batch of {pictures}"
    forwards = f"{medians['CamLab forward']:,.1f} | {medians['PyTorch forward']:,.1f}"
    return f"| {network} | {what} | {forwards} | {' | '.join(cell(side) for side in SIDES)} |"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--slow", action="store_true", help="also what takes many passes")
    parser.add_argument("--batching", action="store_true", help="CamLab alone: one by one, and together")
    parser.add_argument("--threads", type=int, default=1, help="and as many cores")
    parser.add_argument("--rounds", type=int, default=11, help="of which the medians are told")
    arguments = parser.parse_args()
    prepare()
    if pathlib.Path(sys.prefix).resolve() != PEERS.resolve():
        os.environ["OMP_NUM_THREADS"] = os.environ["MKL_NUM_THREADS"] = str(arguments.threads)
        sys.exit(subprocess.run([PYTHON, __file__, *sys.argv[1:]], check=False).returncode)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[-arguments.threads:]))
    peers, java = Peers(arguments.threads), Java()
    print(platform.machine(), platform.system(), peers.torch.__version__, peers.torch.backends.cpu.get_cpu_capability())
    if arguments.batching:
        batching(java, arguments.rounds)
        return
    differences(java, peers)
    print("\nMilliseconds, and in brackets how many of CamLab's forward passes that is:\n")
    print("| network | what | CamLab, forward | PyTorch, forward | " + " | ".join(SIDES) + " |")
    print("|---|---|---|---|" + "---|" * len(SIDES), flush=True)
    for case in QUICK:
        warm = 30 if case[2] == 1 else 5  # Java compiles what it has run often
        print(row(*case, measured(java, peers, *case, arguments.rounds, warm)), flush=True)
    for case in SLOW if arguments.slow else []:
        print(row(*case, measured(java, peers, *case, 3, 1)), flush=True)


if __name__ == "__main__":
    main()
