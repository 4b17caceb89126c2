/**
 * The code of an error of Node or undici (`ENOENT`, `UND_ERR_SOCKET`), its cause's or its first
 * part's; '' where there is none. By shape: such errors may come from another realm's `Error`.
 */
export function systemCode(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if ('errors' in error && Array.isArray(error.errors)) return systemCode(error.errors[0]);
  return 'cause' in error ? systemCode(error.cause) : '';
}
