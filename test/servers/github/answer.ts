export type Answer = readonly [status: number, body: unknown, headers?: Readonly<Record<string, string>>];

export const NOT_FOUND: Answer = [
  404,
  { message: 'Not Found', documentation_url: 'https://docs.github.com/rest' },
];

export const invalid = (resource: string, field: string, code: string): Answer => [
  422,
  { message: 'Validation Failed', errors: [{ resource, field, code }] },
];
