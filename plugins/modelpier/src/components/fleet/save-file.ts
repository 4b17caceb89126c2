/** The browser reads the address after the click, so that it may not be taken back at once. */
const KEPT_MS = 60_000;

/** Hands a file to the browser, as a download that the reader asked for. */
export function saveFile(name: string, type: string, parts: readonly string[]): void {
  const address = URL.createObjectURL(new Blob([...parts], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}
