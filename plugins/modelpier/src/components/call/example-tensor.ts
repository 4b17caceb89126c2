import { DATATYPES, type TensorFacts } from '@modelpier/backstage-plugin-modelpier-common';

type Datatype = (typeof DATATYPES)[number];

/** An input with values for it: nothing but its name, type and shape has to be known. */
export interface ExampleTensor {
  readonly name: string;
  readonly datatype: Datatype;
  /** With one for every dimension of any size. */
  readonly shape: readonly number[];
  readonly elements: number;
  /** One value, as JSON writes it. */
  readonly json: string;
  /** One value, as Python writes it. */
  readonly python: string;
}

/** Larger inputs are sent by programs that make them anyway. */
const MOST_ELEMENTS = 50_000_000;

const isDatatype = (text: string | undefined): text is Datatype => DATATYPES.some(each => each === text);

/** `undefined` where the type or the shape is not known, or is none that could be sent. */
export function exampleTensor({ name, datatype, shape }: TensorFacts): ExampleTensor | undefined {
  if (shape === undefined || !isDatatype(datatype)) return undefined;
  const known = shape.map(dimension => (dimension < 0 ? 1 : dimension));
  const elements = known.reduce((product, dimension) => product * dimension, 1);
  if (elements > MOST_ELEMENTS) return undefined;
  return { name, datatype, shape: known, elements, ...valueOf(datatype) };
}

function valueOf(datatype: Datatype): Pick<ExampleTensor, 'json' | 'python'> {
  if (datatype === 'BOOL') return { json: 'false', python: 'False' };
  if (datatype === 'BYTES') return { json: '"text"', python: '"text"' };
  const zero = datatype.startsWith('FP') ? '0.0' : '0';
  return { json: zero, python: zero };
}
