from voxgate.training.fit.work_folder import discard_work, folder_contents, work_folder


def test_equal_inputs_share_a_folder_and_any_difference_parts_them(tmp_path):
    inputs = {"features": {"clips.parquet": "a"}, "train": {"seed": 1}}

    assert work_folder(tmp_path, inputs) == work_folder(tmp_path, dict(inputs))
    assert work_folder(tmp_path, inputs) != work_folder(tmp_path, inputs | {"train": {"seed": 2}})


def test_contents_follow_every_file_below(tmp_path):
    (tmp_path / "audio").mkdir()
    (tmp_path / "audio" / "shard-000.npy").write_bytes(b"1")
    before = folder_contents(tmp_path)
    (tmp_path / "audio" / "shard-000.npy").write_bytes(b"2")

    assert list(before) == ["audio/shard-000.npy"]
    assert folder_contents(tmp_path) != before


def test_discarding_removes_training_and_nothing_else(tmp_path):
    for name in ("train-1", "train-2", "evaluate-1"):
        (tmp_path / name).mkdir()

    discard_work(tmp_path)

    assert [p.name for p in tmp_path.iterdir()] == ["evaluate-1"]
