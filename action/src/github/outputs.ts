import {
  goldenVerdict,
  type Report,
  type ReportedDeployment,
  type ReportedImage,
} from '@modelpier/backstage-plugin-modelpier-common';

/** The action's outputs that the report answers, by the names of `action.yml`. */
export function outputsOf(report: Report): Readonly<Record<string, string>> {
  const { model, image, proof, deployment } = report;
  return {
    ...(model !== undefined && { version: model.version }),
    ...(image !== undefined && {
      image: image.reference,
      digest: image.digest,
      imageid: configsOf(image).join('\n'),
      tags: image.tags.join('\n'),
      'model-digest': image.modelDigest,
      changed: String(image.changed),
      'bytes-total': String(image.bytesTotal),
      'bytes-pushed': String(image.bytesPushed),
      'bytes-reused': String(image.bytesReused),
      'reuse-ratio': image.reuse.ratio === null ? '' : String(image.reuse.ratio),
      layers: JSON.stringify(image.layers),
    }),
    ...(proof?.sbom !== undefined && { 'sbom-path': proof.sbom.path }),
    ...(proof?.signature !== undefined && { signature: proof.signature.references.join('\n') }),
    ...(report.scan !== undefined && { 'scan-result': report.scan.verdict }),
    ...goldenResult(report),
    ...(deployment !== undefined && {
      image: deployment.image,
      'deployment-status': deployment.status,
      'previous-image': deployment.previousImage ?? '',
      'rolled-back-to': rolledBackTo(deployment) ?? '',
    }),
  };
}

/** Of the image and of the pods in one. */
function goldenResult({ golden, deployment }: Report): Readonly<Record<string, string>> {
  const checks = [golden, deployment?.golden].filter(check => check !== undefined);
  return checks.length === 0 ? {} : { 'golden-result': goldenVerdict(checks) };
}

/** The version that runs in place of the one that failed, or that was asked for. */
function rolledBackTo({ status, rollback, rolledBackTo: to }: ReportedDeployment): string | undefined {
  if (rollback !== undefined) return rollback.outcome === 'healthy' ? rollback.to.version : undefined;
  return status === 'failed' ? undefined : to?.version;
}

const configsOf = ({ configDigest, platforms }: ReportedImage): readonly string[] =>
  platforms?.map(platform => platform.configDigest) ?? [configDigest];
