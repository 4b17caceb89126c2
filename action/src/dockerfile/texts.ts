/** Values by name: labels, build arguments, variables. */
export type Texts = Readonly<Record<string, string>>;
