from voxgate.training.fit.history import HistoryRow, history_csv, mean_losses


def test_columns_are_the_union_of_all_losses_and_absent_ones_are_empty():
    rows = [
        HistoryRow(model="s2", step=3, split="train", losses={"loss": 2.0, "mel": 0.123456789}),
        HistoryRow(model="s1", step=2, split="validation", losses={"loss": 5.5, "top3": 0.25}),
    ]

    assert history_csv(rows) == (
        "model,step,split,loss,mel,top3\ns2,3,train,2,0.123457,\ns1,2,validation,5.5,,0.25\n"
    )


def test_a_row_survives_json():
    row = HistoryRow(model="s2", step=3, split="train", losses={"loss": 0.1 + 0.2})

    assert HistoryRow.from_json(row.as_json()) == row


def test_means_are_weighted():
    assert mean_losses([{"loss": 1.0}, {"loss": 4.0}]) == {"loss": 2.5}
    assert mean_losses([{"loss": 1.0}, {"loss": 4.0}], [2.0, 1.0]) == {"loss": 2.0}
