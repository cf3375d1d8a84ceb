"""Inventories and a host's tree with accelerators, for the CLI test."""
import pathlib

LSPCI = """\
15:00.0 Processing accelerators [1200]: Device [1e3e:0002]
41:00.0 3D controller [0302]: NVIDIA Corporation AD102GL [L40S] [10de:26b9] (rev a1)
53:00.0 Processing accelerators [1200]: Huawei Technologies Co., Ltd. Device [19e5:d802] (rev 20)
"""

CSV = """\
index, name, uuid, serial, pci.bus_id, pci.device_id, pci.sub_device_id, memory.total [MiB], driver_version
0, NVIDIA H20, GPU-aaaaaaaa-0000-0000-0000-000000000001, 1650000000001, 00000000:18:00.0, 0x232910DE, 0x198B10DE, 97871 MiB, 550.54.15
"""

POLICY = '{"context": {"country": "US", "activity": ["export"], "destinations": ["CN"]}}'


def function(root, address, **files):
    folder = root / "sys/bus/pci/devices" / address
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text + "\n")


def build(folder):
    folder.mkdir()
    (folder / "lspci.txt").write_text(LSPCI)
    (folder / "gpus.csv").write_text(CSV)
    (folder / "china.json").write_text(POLICY)
    (folder / "notes.txt").write_text("nothing to see\n")
    root = folder / "root"
    for address in ("0000:17:00.0", "0000:2a:00.0"):
        function(root, address, vendor="0x10de", device="0x2335", subsystem_vendor="0x10de",
                 subsystem_device="0x18be", **{"class": "0x030200"})
        info = root / "proc/driver/nvidia/gpus" / address
        info.mkdir(parents=True)
        (info / "information").write_text(
            f"Model:           NVIDIA H200\nGPU UUID:        GPU-00000000-{address[5:7]}\nBus Location:    {address}\n")
    function(root, "0000:03:00.0", vendor="0x1a03", device="0x2000", **{"class": "0x030000"})
    (root / "proc/driver/nvidia/version").write_text(
        "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.90.07  Fri May 31 09:35:42 UTC 2024\n")
