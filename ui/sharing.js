// A press puts the address of the page, as it is at that moment, on the clipboard.

export default function ({ parentElement }) {
  const button = parentElement.querySelector("button");
  const said = parentElement.querySelector("[role=status]");
  const shown = parentElement.querySelector("input");

  async function copy() {
    const address = window.location.href;
    shown.hidden = true;
    try {
      await navigator.clipboard.writeText(address); // only over https, or on this computer
    } catch {
      shown.value = address;
      shown.hidden = false;
      shown.select();
      if (!document.execCommand("copy")) {
        said.textContent = "Copy it from here:";
        return;
      }
      shown.hidden = true;
    }
    said.textContent = "Copied";
    setTimeout(() => (said.textContent = ""), 4000);
  }

  button.addEventListener("click", copy);
  return () => button.removeEventListener("click", copy);
}
