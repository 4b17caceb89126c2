import { createHash } from 'node:crypto';
import * as Enums from '@cyclonedx/cyclonedx-library/Enums';
import * as Models from '@cyclonedx/cyclonedx-library/Models';
import * as Serialize from '@cyclonedx/cyclonedx-library/Serialize';
import * as SPDX from '@cyclonedx/cyclonedx-library/SPDX';
import * as Spec from '@cyclonedx/cyclonedx-library/Spec';
import {
  type Digest,
  formatReference,
  formatRepository,
  type Repository,
} from '@modelpier/backstage-plugin-modelpier-common';
import { modelCard, named } from './model-card';
import type { SbomBase, SbomSubject } from './sbom-subject';

const MODEL_REF = 'model';

/** The SBOM as CycloneDX 1.6 JSON. The same subject gives the same bytes. */
export function renderSbom(subject: SbomSubject): Uint8Array {
  const normalizer = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6).makeForBom();
  const bom = normalizer.normalize(describeImage(subject), { sortLists: true });
  const components = bom.components?.map(component =>
    component['bom-ref'] === MODEL_REF ? { ...component, modelCard: modelCard(subject) } : component,
  );
  const content = { ...bom, components };
  const serialNumber = `urn:uuid:${uuidOf(JSON.stringify(content))}`;
  return Buffer.from(`${JSON.stringify({ ...content, serialNumber }, null, 2)}\n`);
}

function describeImage(subject: SbomSubject): Models.Bom {
  const image = describeContainer(subject.repository, subject.digest);
  const model = describeModel(subject);
  const bases = subject.bases.map(describeBase);
  for (const part of [model, ...bases]) image.dependencies.add(part.bomRef);
  const { epochSeconds } = subject;
  const tool = new Models.Tool({ name: 'modelpier' });
  return new Models.Bom({
    metadata: new Models.Metadata({
      component: image,
      tools: new Models.Tools({ tools: new Models.ToolRepository([tool]) }),
      ...(epochSeconds > 0 && { timestamp: new Date(epochSeconds * 1000) }),
    }),
    components: new Models.ComponentRepository([model, ...bases]),
  });
}

function describeModel(subject: SbomSubject): Models.Component {
  const { model, version, modelDigest, scanVerdict, files } = subject;
  const { name, title, description, licenses } = model.metadata;
  const properties = named({ 'model-digest': modelDigest, scan: scanVerdict, title });
  return new Models.Component(Enums.ComponentType.MachineLearningModel, name, {
    bomRef: MODEL_REF,
    version,
    ...(description !== undefined && { description }),
    ...(licenses !== undefined && { licenses: new Models.LicenseRepository([licenseOf(licenses)]) }),
    properties: propertiesOf(properties),
    components: new Models.ComponentRepository(files.map(describeFile)),
  });
}

const describeFile = ({ path, digest }: SbomSubject['files'][number]): Models.Component =>
  new Models.Component(Enums.ComponentType.File, path, { bomRef: `file:${path}`, hashes: hashOf(digest) });

function describeBase({ reference, digest, platform, sboms }: SbomBase): Models.Component {
  const base = describeContainer(reference, digest);
  base.bomRef.value = `base:${platform}`;
  for (const { name, value } of named({
    role: 'base image',
    platform,
    reference: formatReference(reference),
  })) {
    base.properties.add(new Models.Property(name, value));
  }
  for (const sbom of sboms) {
    base.externalReferences.add(
      new Models.ExternalReference(
        `oci://${formatRepository(reference)}@${sbom.digest}`,
        Enums.ExternalReferenceType.BOM,
        { hashes: hashOf(sbom.digest), comment: `referrer of type ${sbom.artifactType}` },
      ),
    );
  }
  return base;
}

const describeContainer = (repository: Repository, digest: Digest): Models.Component =>
  new Models.Component(Enums.ComponentType.Container, formatRepository(repository), {
    bomRef: `image:${digest}`,
    version: digest,
    purl: packageUrl(repository, digest),
    hashes: hashOf(digest),
  });

/** purl-spec, type `oci`: the name is the last part of the path, in lower case. */
function packageUrl(repository: Repository, digest: Digest): string {
  const name = repository.path.slice(repository.path.lastIndexOf('/') + 1);
  const address = encodeURIComponent(formatRepository(repository)).replaceAll('%2F', '/');
  return `pkg:oci/${name}@${encodeURIComponent(digest)}?repository_url=${address}`;
}

/** An identifier, an expression such as `MIT OR Apache-2.0`, or the words that were written. */
function licenseOf(text: string): Models.License {
  if (SPDX.isSupportedSpdxId(text)) return new Models.SpdxLicense(text);
  return / (?:AND|OR|WITH) /.test(text) ? new Models.LicenseExpression(text) : new Models.NamedLicense(text);
}

const propertiesOf = (properties: ReturnType<typeof named>): Models.PropertyRepository =>
  new Models.PropertyRepository(properties.map(({ name, value }) => new Models.Property(name, value)));

const hashOf = (digest: Digest): Models.HashDictionary =>
  new Models.HashDictionary([[Enums.HashAlgorithm['SHA-256'], digest.slice('sha256:'.length)]]);

/** A UUID that the content decides (RFC 9562, version 8). */
function uuidOf(content: string): string {
  const hex = createHash('sha256').update(content).digest('hex');
  const variant = '89ab'[Number.parseInt(hex.slice(16, 17), 16) % 4] ?? '8';
  const groups = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
  ];
  return [...groups, hex.slice(20, 32)].join('-');
}
