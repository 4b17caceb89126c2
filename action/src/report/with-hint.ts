/** What went wrong, and on a line of its own what to do. */
export const withHint = ({ message, hint }: { message: string; hint?: string | undefined }): string =>
  hint === undefined ? message : `${message}\n${hint}`;
