/** Tensors, and parameters by type, as they are counted while a file is read. */
export class Counts {
  tensors = 0;
  parameters = 0;
  readonly #datatypes = new Map<string, number>();

  add(datatype: string, items: number, tensors = 1): void {
    if (!Number.isSafeInteger(items) || items < 0) return;
    this.tensors += tensors;
    this.parameters += items;
    this.#datatypes.set(datatype, (this.#datatypes.get(datatype) ?? 0) + items);
  }

  include(other: Counts): void {
    this.tensors += other.tensors;
    for (const [datatype, items] of other.#datatypes) this.add(datatype, items, 0);
  }

  get facts(): { tensors?: number; parameters?: number; datatypes?: Record<string, number> } {
    if (this.tensors === 0) return {};
    const datatypes = Object.fromEntries([...this.#datatypes].sort(([a], [b]) => (a < b ? -1 : 1)));
    return { tensors: this.tensors, parameters: this.parameters, datatypes };
  }
}
