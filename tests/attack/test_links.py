from tests.attack.links import attack


def test_a_changed_link_opens_its_page_and_says_what_is_wrong(data_dir):
    outcome = attack(data_dir, 28, seed=1)
    assert outcome.failures == [] and outcome.refused
