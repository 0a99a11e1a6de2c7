import re


def test_a_bad_file_is_one_sentence_and_the_data_in_use_stay(visit):
    visit.open("data")
    file = {"name": "train.csv", "mimeType": "text/csv", "buffer": b"label,pixel0\n3,nonsense\n"}
    visit.page.locator("input[type=file]").set_input_files(file)
    visit.see("The data in use stays in use.")
    assert visit.page.locator("[data-testid=stAlertContentError]").count() == 1
    assert "train.csv" in visit.page.locator("[data-testid=stAlertContentError]").inner_text()
    visit.see("1,797 images, 28 x 28")


def test_a_slider_is_in_the_address_bar_and_on_the_next_page(visit):
    visit.open("data")
    slider = visit.page.get_by_role("slider", name="Rotation")
    slider.focus()
    slider.press("ArrowRight")
    visit.page.wait_for_url(re.compile("rotation_deg=11"))
    visit.settled()
    visit.go("Train")
    visit.see("rotation, degrees 11")
