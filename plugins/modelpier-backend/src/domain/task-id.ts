/** The name of a source's task with the scheduler. */
export const taskId = ({ kind, name }: { readonly kind: string; readonly name: string }): string =>
  `collect-${kind}-${name}`;
