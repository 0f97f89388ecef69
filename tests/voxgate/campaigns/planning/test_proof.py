from voxgate.campaigns.planning.proof import ValueCounts, choose_proof
from voxgate.campaigns.records import Recipient


def recipient(number: int, name: str, *templates: str, **values: str) -> Recipient:
    spoken = {"name": name, **values}
    return Recipient(
        number=number,
        recipient_id=f"r{number}",
        templates=templates or ("reminder",),
        values={slot: {"kind": "text", "spoken": text} for slot, text in spoken.items()},
        digest=str(number),
    )


def chosen(people: list[Recipient], size: int) -> list[tuple[str, str]]:
    counts = ValueCounts()
    for one in people:
        counts.add(one)
    return choose_proof(people, counts, size=size)


COMMON = [recipient(number, "Anna") for number in range(1, 51)]
RARE = recipient(51, "Xanthippe")
LONG = recipient(52, "Anna", street="the long and winding road behind the church")
DIGITS = recipient(53, "Anna", amount="$12.50")
ACCENT = recipient(54, "José")
ODD = [RARE, LONG, DIGITS, ACCENT]


def test_the_likeliest_to_go_wrong_are_heard_first():
    found = chosen([*COMMON, *ODD], 5)
    assert {one.recipient_id for one in ODD} <= {cell[0] for cell in found}


def test_every_template_is_in_it_and_no_cell_twice():
    people = [*COMMON, recipient(60, "Ben", "reminder", "thanks"), *ODD]
    found = chosen(people, 6)
    assert {template for _, template in found} == {"reminder", "thanks"}
    assert len(found) == len(set(found)) == 6


def test_a_small_list_is_all_of_it_and_the_same_each_time():
    people = [*COMMON[:2], ACCENT]
    assert len(chosen(people, 20)) == 3
    assert chosen(people, 20) == chosen(list(people), 20)
