/** A page will link to it, and anybody may have written it: only web addresses are let through. */
export function readLink(value: string | null | undefined): string | null {
  if (value === null || value === undefined || !URL.canParse(value)) return null;
  return ['http:', 'https:'].includes(new URL(value).protocol) ? value : null;
}
