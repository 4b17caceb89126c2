import { type ByteSource, Malformed } from './byte-source';
import { Cursor } from './cursor';
import { type Field, fieldsOf, LENGTH_DELIMITED, textOf, VARINT } from './protobuf';

const OPERATOR_LIMIT = 10_000;
const VALUE_LIMIT = 10_000;
const RANK_LIMIT = 64;

export interface SavedModelValue {
  readonly name: string;
  /** As `tensorflow.DataType`; 0 is not said. */
  readonly type: number;
  readonly shape: readonly number[] | undefined;
}

interface Signature {
  readonly name: string;
  readonly inputs: readonly SavedModelValue[];
  readonly outputs: readonly SavedModelValue[];
}

export interface SavedModel {
  schemaVersion: number;
  producer: string;
  readonly signatures: Signature[];
  /** Each operator with the place where it stands first. */
  readonly operators: Map<string, number>;
}

/** Whether the outermost message has the fields of a `SavedModel` and nothing else. */
export function isSavedModel(source: ByteSource): boolean {
  const [first = 0] = source.read(0, Math.min(1, source.sizeBytes));
  // The tags of its two fields; most files fail here, which is much cheaper than a fault.
  if (first !== 0x08 && first !== 0x12) return false;
  let graphs = 0;
  try {
    for (const { number, wire } of fieldsOf(new Cursor(source), source.sizeBytes)) {
      if (number === 1 ? wire !== VARINT : number !== 2 || wire !== LENGTH_DELIMITED) return false;
      graphs += Number(number === 2);
    }
  } catch (error) {
    if (error instanceof Malformed) return false;
    throw error;
  }
  return graphs > 0;
}

/** Reads a `SavedModel` (tensorflow/core/protobuf/saved_model.proto) but for its numbers. */
export function readSavedModel(source: ByteSource): SavedModel {
  const model: SavedModel = { schemaVersion: 0, producer: '', signatures: [], operators: new Map() };
  new SavedModelReader(new Cursor(source), model).read(source.sizeBytes);
  return model;
}

type Handlers = Readonly<Record<number, (field: Field) => void>>;

class SavedModelReader {
  readonly #cursor: Cursor;
  readonly #model: SavedModel;

  constructor(cursor: Cursor, model: SavedModel) {
    this.#cursor = cursor;
    this.#model = model;
  }

  read(to: number): void {
    this.#each(to, {
      1: ({ value }) => (this.#model.schemaVersion = value),
      2: field => this.#metaGraph(field.to),
    });
  }

  #each(to: number, handlers: Handlers): void {
    for (const field of fieldsOf(this.#cursor, to)) handlers[field.number]?.(field);
  }

  #metaGraph(to: number): void {
    this.#each(to, {
      1: info => this.#each(info.to, { 5: field => (this.#model.producer = this.#text(field)) }),
      2: field => this.#graph(field.to),
      5: field => this.#signature(field.to),
    });
  }

  #graph(to: number): void {
    const node = (field: Field): void => this.#node(field.to);
    this.#each(to, {
      1: node,
      2: library => this.#each(library.to, { 1: body => this.#each(body.to, { 3: node }) }),
    });
  }

  #node(to: number): void {
    const { operators } = this.#model;
    const offset = this.#cursor.position;
    this.#each(to, {
      2: field => {
        const operator = this.#text(field);
        if (!operators.has(operator) && operators.size < OPERATOR_LIMIT) operators.set(operator, offset);
      },
    });
  }

  #signature(to: number): void {
    let name = '';
    const inputs: SavedModelValue[] = [];
    const outputs: SavedModelValue[] = [];
    this.#each(to, {
      1: field => (name = this.#text(field)),
      2: definition =>
        this.#each(definition.to, {
          1: field => this.#value(field.to, inputs),
          2: field => this.#value(field.to, outputs),
        }),
    });
    if (this.#model.signatures.length < VALUE_LIMIT) this.#model.signatures.push({ name, inputs, outputs });
  }

  /** An entry of a map from names to `TensorInfo`. */
  #value(to: number, values: SavedModelValue[]): void {
    let [name, type] = ['', 0];
    let shape: number[] | undefined;
    this.#each(to, {
      1: field => (name = this.#text(field)),
      2: info =>
        this.#each(info.to, {
          2: ({ value }) => (type = value),
          3: field => (shape = this.#shape(field.to)),
        }),
    });
    if (values.length < VALUE_LIMIT) values.push({ name, type, shape });
  }

  #shape(to: number): number[] | undefined {
    const shape: number[] = [];
    let unknown = 0;
    this.#each(to, {
      2: dimension => {
        let size = 0;
        this.#each(dimension.to, { 1: ({ value }) => (size = Math.max(-1, value)) });
        if (shape.push(size) > RANK_LIMIT) throw this.#cursor.fault('a value has too many dimensions');
      },
      3: ({ value }) => (unknown = value),
    });
    return unknown === 0 ? shape : undefined;
  }

  #text(field: Field): string {
    return textOf(this.#cursor, field);
  }
}
