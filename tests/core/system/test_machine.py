from core.system import machine


def test_gpus_are_told_by_their_models(tmp_path):
    for number, model in enumerate(("NVIDIA H200", "NVIDIA GeForce RTX 4090")):
        folder = tmp_path / f"0000:0{number}:00.0"
        folder.mkdir()
        (folder / "information").write_text(f"Model: \t\t {model}\nIRQ:   \t\t 36\n")
    assert machine.gpus(tmp_path) == ["NVIDIA H200", "NVIDIA GeForce RTX 4090"]
    assert machine.gpus(tmp_path / "no driver") == []
    assert "cores" in machine.name()
