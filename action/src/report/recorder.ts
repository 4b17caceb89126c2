import {
  type Mode,
  type ModelFacts,
  ModelpierError,
  type Report,
  type ReportedDeployment,
  type ReportedGolden,
  type ReportedImage,
  type ReportedProof,
  type ScanResult,
} from '@modelpier/backstage-plugin-modelpier-common';

type ReportedModel = NonNullable<Report['model']>;

/** Gathers what a run learns, so that a run that fails still tells what is known. */
export class Recorder {
  readonly #begun: Pick<Report, 'startedAt' | 'run'>;
  #mode: Mode;
  readonly #warnings: string[] = [];
  #model: ReportedModel | undefined;
  #scan: ScanResult | undefined;
  #image: ReportedImage | undefined;
  #proof: ReportedProof | undefined;
  #golden: ReportedGolden | undefined;
  #deployment: ReportedDeployment | undefined;
  #failure: Report['failure'];

  constructor(begun: { readonly mode: Mode; readonly startedAt: Date; readonly run: Report['run'] }) {
    this.#mode = begun.mode;
    this.#begun = { startedAt: begun.startedAt.toISOString(), run: begun.run };
  }

  /** Where the run finds that it has to do something else than it set out to. */
  mode(mode: Mode): void {
    this.#mode = mode;
  }

  model(model: ReportedModel): void {
    this.#model = model;
  }

  /** What the files say of the model, and the format that follows from it. */
  facts(format: string, facts: ModelFacts): void {
    if (this.#model !== undefined) this.#model = { ...this.#model, format, facts };
  }

  scan(scan: ScanResult): void {
    this.#scan = scan;
  }

  image(image: ReportedImage): void {
    this.#image = image;
  }

  /** What was built, once it was. */
  get built(): ReportedImage | undefined {
    return this.#image;
  }

  /** One more thing that is said of the image, or was found to be. */
  proof(proof: ReportedProof): void {
    this.#proof = { ...this.#proof, ...proof };
  }

  /** What the image answered before it got its tags. */
  golden(golden: ReportedGolden): void {
    this.#golden = golden;
  }

  deployment(deployment: ReportedDeployment): void {
    this.#deployment = deployment;
  }

  warning(warning: string): void {
    if (!this.#warnings.includes(warning)) this.#warnings.push(warning);
  }

  failure(error: unknown): void {
    this.#failure = describeFailure(error);
  }

  report(finishedAt: Date): Report {
    return {
      apiVersion: 'modelpier.io/v1',
      kind: 'RunReport',
      mode: this.#mode,
      ...this.#begun,
      finishedAt: finishedAt.toISOString(),
      ...(this.#model !== undefined && { model: this.#model }),
      ...(this.#scan !== undefined && { scan: this.#scan }),
      ...(this.#image !== undefined && { image: this.#image }),
      ...(this.#proof !== undefined && { proof: this.#proof }),
      ...(this.#golden !== undefined && { golden: this.#golden }),
      ...(this.#deployment !== undefined && { deployment: this.#deployment }),
      warnings: this.#warnings,
      ...(this.#failure !== undefined && { failure: this.#failure }),
    };
  }
}

function describeFailure(error: unknown): NonNullable<Report['failure']> {
  if (error instanceof ModelpierError) return { code: error.code, message: error.message, hint: error.hint };
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal', message, hint: 'this is a fault of the action; please report it with the log' };
}

/** The error and what caused it, innermost last, for the log of a failed run. */
export function causesOf(error: unknown): readonly string[] {
  const causes: string[] = [];
  for (
    let cause = error instanceof Error ? error.cause : undefined;
    cause instanceof Error;
    cause = cause.cause
  ) {
    causes.push(cause.message);
    if (causes.length === 10) break;
  }
  return causes;
}
