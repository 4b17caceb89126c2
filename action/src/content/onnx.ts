import { type ByteSource, Malformed } from './byte-source';
import { Cursor } from './cursor';
import { type Field, fieldsOf, LENGTH_DELIMITED, numbersOf, textOf, VARINT } from './protobuf';

/** Subgraphs in attributes, of `If` and `Loop`: far less in any real model. */
const DEPTH_LIMIT = 32;
const RANK_LIMIT = 64;
const OPERATOR_LIMIT = 10_000;
const VALUE_LIMIT = 10_000;
const EXTERNAL_LIMIT = 100_000;
const ENTRY_LIMIT = 16;

export interface OnnxValue {
  readonly name: string;
  /** As `TensorProto.DataType`; 0 is not said. */
  readonly type: number;
  readonly shape: readonly number[] | undefined;
}

/** A tensor whose bytes lie in another file. */
export interface ExternalData {
  readonly tensor: string;
  readonly entries: readonly (readonly [key: string, value: string])[];
  readonly offset: number;
}

export interface OnnxModel {
  irVersion: number;
  producer: string;
  readonly opsets: Map<string, number>;
  readonly inputs: OnnxValue[];
  readonly outputs: OnnxValue[];
  /** Of the main graph; they are parameters, not inputs, where they are both. */
  readonly initializers: Set<string>;
  /** `domain:name`, without the domain where it is ONNX's own. */
  readonly operators: Set<string>;
  readonly domains: Set<string>;
  /** Domains of functions that the model brings along. */
  readonly functionDomains: Set<string>;
  tensors: number;
  parameters: number;
  /** Parameters by `TensorProto.DataType`. */
  readonly types: Map<number, number>;
  readonly externals: ExternalData[];
  hasGraph: boolean;
}

/** Reads a `ModelProto` (onnx/onnx.proto) but for its numbers. */
export function readOnnx(source: ByteSource): OnnxModel {
  const reader = new OnnxReader(new Cursor(source));
  return reader.model(source.sizeBytes);
}

/** Fields of `ModelProto` with their wire types: what has others is something else. */
const MODEL_FIELDS = new Map([
  [1, VARINT],
  [2, LENGTH_DELIMITED],
  [3, LENGTH_DELIMITED],
  [4, LENGTH_DELIMITED],
  [5, VARINT],
  [6, LENGTH_DELIMITED],
  [7, LENGTH_DELIMITED],
  [8, LENGTH_DELIMITED],
  [14, LENGTH_DELIMITED],
  [20, LENGTH_DELIMITED],
  [25, LENGTH_DELIMITED],
  [26, LENGTH_DELIMITED],
]);

/** Whether the outermost message has the fields of a `ModelProto`, a graph among them. */
export function isOnnx(source: ByteSource): boolean {
  if (!beginsAsModel(source)) return false;
  const cursor = new Cursor(source);
  let hasGraph = false;
  let hasVersion = false;
  try {
    for (const { number, wire } of fieldsOf(cursor, source.sizeBytes)) {
      if (MODEL_FIELDS.get(number) !== wire) return false;
      hasGraph ||= number === 7;
      hasVersion ||= number === 1 || number === 8;
    }
  } catch (error) {
    if (error instanceof Malformed) return hasGraph && hasVersion;
    throw error;
  }
  return hasGraph && hasVersion;
}

/** Most files fail here, which is much cheaper than a fault. */
function beginsAsModel(source: ByteSource): boolean {
  const [first = 0] = source.read(0, Math.min(1, source.sizeBytes));
  return first >= 0x80 || MODEL_FIELDS.get(first >> 3) === (first & 7);
}

type Handlers = Readonly<Record<number, (field: Field) => void>>;

class OnnxReader {
  readonly #cursor: Cursor;
  readonly #model: OnnxModel = {
    irVersion: 0,
    producer: '',
    opsets: new Map(),
    inputs: [],
    outputs: [],
    initializers: new Set(),
    operators: new Set(),
    domains: new Set(),
    functionDomains: new Set(),
    tensors: 0,
    parameters: 0,
    types: new Map(),
    externals: [],
    hasGraph: false,
  };

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
  }

  model(to: number): OnnxModel {
    const model = this.#model;
    const producer: string[] = [];
    this.#read(to, {
      1: ({ value }) => (model.irVersion = value),
      2: field => producer.push(textOf(this.#cursor, field)),
      3: field => producer.push(textOf(this.#cursor, field)),
      7: field => {
        model.hasGraph = true;
        this.#graph(field.to, 0);
      },
      8: field => this.#opset(field.to),
      20: field => this.#training(field.to),
      25: field => this.#function(field.to),
    });
    model.producer = producer.filter(word => word !== '').join(' ');
    return model;
  }

  #read(to: number, handlers: Handlers): void {
    for (const field of fieldsOf(this.#cursor, to)) handlers[field.number]?.(field);
  }

  #opset(to: number): void {
    let domain = '';
    let version = 0;
    this.#read(to, {
      1: field => (domain = textOf(this.#cursor, field)),
      2: ({ value }) => (version = Math.max(0, value)),
    });
    if (this.#model.opsets.size < OPERATOR_LIMIT) this.#model.opsets.set(domain, version);
  }

  #training(to: number): void {
    const graph = (field: Field): void => this.#graph(field.to, 1);
    this.#read(to, { 1: graph, 2: graph });
  }

  #function(to: number): void {
    this.#read(to, {
      7: field => this.#node(field.to, 1),
      10: field => this.#model.functionDomains.add(textOf(this.#cursor, field)),
      11: field => this.#attribute(field.to, 1),
    });
  }

  #graph(to: number, depth: number): void {
    if (depth > DEPTH_LIMIT) throw this.#cursor.fault('graphs lie too deep in each other');
    const isMain = depth === 0;
    this.#read(to, {
      1: field => this.#node(field.to, depth),
      5: field => this.#tensor(field.to, isMain),
      11: field => isMain && this.#value(field.to, this.#model.inputs),
      12: field => isMain && this.#value(field.to, this.#model.outputs),
      15: field => this.#sparse(field.to, isMain),
    });
  }

  #node(to: number, depth: number): void {
    let operator = '';
    let domain = '';
    this.#read(to, {
      4: field => (operator = textOf(this.#cursor, field)),
      5: field => this.#attribute(field.to, depth),
      7: field => (domain = textOf(this.#cursor, field)),
    });
    const { operators, domains } = this.#model;
    if (operators.size >= OPERATOR_LIMIT) return;
    domains.add(domain);
    operators.add(domain === '' || domain === 'ai.onnx' ? operator : `${domain}:${operator}`);
  }

  #attribute(to: number, depth: number): void {
    const tensor = (field: Field): void => this.#tensor(field.to, false);
    const graph = (field: Field): void => this.#graph(field.to, depth + 1);
    const sparse = (field: Field): void => this.#sparse(field.to, false);
    this.#read(to, { 5: tensor, 6: graph, 10: tensor, 11: graph, 22: sparse, 23: sparse });
  }

  #sparse(to: number, isMain: boolean): void {
    this.#read(to, { 1: field => this.#tensor(field.to, isMain), 2: field => this.#tensor(field.to, false) });
  }

  #tensor(to: number, isParameter: boolean): void {
    const cursor = this.#cursor;
    const { position: offset } = cursor;
    const dims: number[] = [];
    const entries: (readonly [string, string])[] = [];
    let [type, name, location] = [0, '', 0];
    this.#read(to, {
      1: field => {
        dims.push(...numbersOf(cursor, field, RANK_LIMIT));
        if (dims.length > RANK_LIMIT) throw cursor.fault('a tensor has too many dimensions');
      },
      2: ({ value }) => (type = value),
      8: field => (name = textOf(cursor, field)),
      13: field => entries.push(this.#entry(field.to)),
      14: ({ value }) => (location = value),
    });
    const model = this.#model;
    if (location === 1 || entries.length > 0) {
      if (entries.length > ENTRY_LIMIT || model.externals.length >= EXTERNAL_LIMIT)
        throw cursor.fault('more external data than any model has');
      model.externals.push({ tensor: name, entries, offset });
    }
    if (!isParameter) return;
    const items = dims.reduce((product, dimension) => product * Math.max(0, dimension), 1);
    model.initializers.add(name);
    model.tensors++;
    model.parameters += items;
    model.types.set(type, (model.types.get(type) ?? 0) + items);
  }

  #entry(to: number): readonly [string, string] {
    let [key, value] = ['', ''];
    this.#read(to, {
      1: field => (key = textOf(this.#cursor, field)),
      2: field => (value = textOf(this.#cursor, field)),
    });
    return [key, value];
  }

  #value(to: number, values: OnnxValue[]): void {
    let [name, type] = ['', 0];
    let shape: number[] | undefined;
    const dimension = (field: Field): void => {
      let size = -1;
      this.#read(field.to, { 1: ({ value }) => (size = Math.max(-1, value)) });
      shape ??= [];
      if (shape.push(size) > RANK_LIMIT) throw this.#cursor.fault('a value has too many dimensions');
    };
    this.#read(to, {
      1: field => (name = textOf(this.#cursor, field)),
      2: typeProto =>
        this.#read(typeProto.to, {
          1: tensor =>
            this.#read(tensor.to, {
              1: ({ value }) => (type = value),
              2: shapeProto => {
                shape ??= [];
                this.#read(shapeProto.to, { 1: dimension });
              },
            }),
        }),
    });
    if (values.length < VALUE_LIMIT) values.push({ name, type, shape });
  }
}
