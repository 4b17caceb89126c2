export const id = 485;
export const ids = [485];
export const modules = {

/***/ 44485:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  renderSbom: () => (/* binding */ renderSbom)
});

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(77598);
// EXTERNAL MODULE: ../node_modules/@cyclonedx/cyclonedx-library/dist.node/enums/index.js
var enums = __webpack_require__(42686);
// EXTERNAL MODULE: ../node_modules/@cyclonedx/cyclonedx-library/dist.node/models/index.js
var models = __webpack_require__(63470);
// EXTERNAL MODULE: ../node_modules/@cyclonedx/cyclonedx-library/dist.node/serialize/index.node.js
var index_node = __webpack_require__(96262);
// EXTERNAL MODULE: ../node_modules/@cyclonedx/cyclonedx-library/dist.node/spdx.js
var spdx = __webpack_require__(53636);
// EXTERNAL MODULE: ../node_modules/@cyclonedx/cyclonedx-library/dist.node/spec/index.js
var spec = __webpack_require__(58127);
// EXTERNAL MODULE: ../plugins/modelpier-common/src/image/reference.ts
var image_reference = __webpack_require__(6209);
// EXTERNAL MODULE: ../plugins/modelpier-common/src/model/compare-facts.ts
var compare_facts = __webpack_require__(94373);
;// CONCATENATED MODULE: ./src/sbom/model-card.ts

/** What a person wrote of the model and what its files say; only what is known. */
function modelCard(subject) {
    const { training, metrics = {} } = subject.model.spec;
    const modelParameters = parametersOf(subject);
    const performanceMetrics = sorted(metrics).map(([type, value]) => ({ type, value: String(value) }));
    const properties = named({
        'training:framework': training?.framework,
        'training:run': training?.run,
        ...(subject.facts === undefined ? {} : factTexts(subject.facts)),
    });
    return {
        ...(Object.keys(modelParameters).length > 0 && { modelParameters }),
        ...(performanceMetrics.length > 0 && { quantitativeAnalysis: { performanceMetrics } }),
        ...(properties.length > 0 && { properties }),
    };
}
function parametersOf({ model, facts }) {
    const { training, signature } = model.spec;
    const inputs = tensorsOf(signature?.inputs ?? facts?.inputs);
    const outputs = tensorsOf(signature?.outputs ?? facts?.outputs);
    const dataset = training?.dataset;
    return {
        ...(dataset !== undefined && { datasets: [{ type: 'dataset', name: dataset }] }),
        ...(inputs.length > 0 && { inputs }),
        ...(outputs.length > 0 && { outputs }),
    };
}
/** `x: FP32 [any, 784]`; CycloneDX has one text for an input or output. */
const tensorsOf = (tensors = []) => tensors.map(({ name, datatype, shape }) => {
    const words = [datatype, shape === undefined ? undefined : (0,compare_facts/* formatShape */.BB)(shape)];
    const said = words.filter(word => word !== undefined).join(' ');
    return { format: said === '' ? name : `${name}: ${said}` };
});
const factTexts = (facts) => ({
    format: facts.format,
    'format-version': facts.formatVersion,
    producer: facts.producer,
    tensors: facts.tensors?.toString(),
    parameters: facts.parameters?.toString(),
    datatypes: listed(facts.datatypes),
    opsets: listed(facts.opsets),
    operators: facts.operators?.join(', '),
});
const listed = (counts) => counts === undefined
    ? undefined
    : sorted(counts)
        .map(([name, count]) => `${name}=${count}`)
        .join(', ');
const sorted = (entries) => Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1));
/** Properties under a name of our own (CycloneDX property taxonomy), those that are known. */
const named = (texts) => sorted(texts).flatMap(([name, value]) => value === undefined || value === '' ? [] : [{ name: `modelpier:${name}`, value }]);

;// CONCATENATED MODULE: ./src/sbom/render-sbom.ts








const MODEL_REF = 'model';
/** The SBOM as CycloneDX 1.6 JSON. The same subject gives the same bytes. */
function renderSbom(subject) {
    const normalizer = new index_node.JSON.Normalize.Factory(spec.Spec1dot6).makeForBom();
    const bom = normalizer.normalize(describeImage(subject), { sortLists: true });
    const components = bom.components?.map(component => component['bom-ref'] === MODEL_REF ? { ...component, modelCard: modelCard(subject) } : component);
    const content = { ...bom, components };
    const serialNumber = `urn:uuid:${uuidOf(JSON.stringify(content))}`;
    return Buffer.from(`${JSON.stringify({ ...content, serialNumber }, null, 2)}\n`);
}
function describeImage(subject) {
    const image = describeContainer(subject.repository, subject.digest);
    const model = describeModel(subject);
    const bases = subject.bases.map(describeBase);
    for (const part of [model, ...bases])
        image.dependencies.add(part.bomRef);
    const { epochSeconds } = subject;
    const tool = new models.Tool({ name: 'modelpier' });
    return new models.Bom({
        metadata: new models.Metadata({
            component: image,
            tools: new models.Tools({ tools: new models.ToolRepository([tool]) }),
            ...(epochSeconds > 0 && { timestamp: new Date(epochSeconds * 1000) }),
        }),
        components: new models.ComponentRepository([model, ...bases]),
    });
}
function describeModel(subject) {
    const { model, version, modelDigest, scanVerdict, files } = subject;
    const { name, title, description, licenses } = model.metadata;
    const properties = named({ 'model-digest': modelDigest, scan: scanVerdict, title });
    return new models.Component(enums.ComponentType.MachineLearningModel, name, {
        bomRef: MODEL_REF,
        version,
        ...(description !== undefined && { description }),
        ...(licenses !== undefined && { licenses: new models.LicenseRepository([licenseOf(licenses)]) }),
        properties: propertiesOf(properties),
        components: new models.ComponentRepository(files.map(describeFile)),
    });
}
const describeFile = ({ path, digest }) => new models.Component(enums.ComponentType.File, path, { bomRef: `file:${path}`, hashes: hashOf(digest) });
function describeBase({ reference, digest, platform, sboms }) {
    const base = describeContainer(reference, digest);
    base.bomRef.value = `base:${platform}`;
    for (const { name, value } of named({
        role: 'base image',
        platform,
        reference: (0,image_reference/* formatReference */.FH)(reference),
    })) {
        base.properties.add(new models.Property(name, value));
    }
    for (const sbom of sboms) {
        base.externalReferences.add(new models.ExternalReference(`oci://${(0,image_reference/* formatRepository */.Sh)(reference)}@${sbom.digest}`, enums.ExternalReferenceType.BOM, { hashes: hashOf(sbom.digest), comment: `referrer of type ${sbom.artifactType}` }));
    }
    return base;
}
const describeContainer = (repository, digest) => new models.Component(enums.ComponentType.Container, (0,image_reference/* formatRepository */.Sh)(repository), {
    bomRef: `image:${digest}`,
    version: digest,
    purl: packageUrl(repository, digest),
    hashes: hashOf(digest),
});
/** purl-spec, type `oci`: the name is the last part of the path, in lower case. */
function packageUrl(repository, digest) {
    const name = repository.path.slice(repository.path.lastIndexOf('/') + 1);
    const address = encodeURIComponent((0,image_reference/* formatRepository */.Sh)(repository)).replaceAll('%2F', '/');
    return `pkg:oci/${name}@${encodeURIComponent(digest)}?repository_url=${address}`;
}
/** An identifier, an expression such as `MIT OR Apache-2.0`, or the words that were written. */
function licenseOf(text) {
    if (spdx.isSupportedSpdxId(text))
        return new models.SpdxLicense(text);
    return / (?:AND|OR|WITH) /.test(text) ? new models.LicenseExpression(text) : new models.NamedLicense(text);
}
const propertiesOf = (properties) => new models.PropertyRepository(properties.map(({ name, value }) => new models.Property(name, value)));
const hashOf = (digest) => new models.HashDictionary([[enums.HashAlgorithm['SHA-256'], digest.slice('sha256:'.length)]]);
/** A UUID that the content decides (RFC 9562, version 8). */
function uuidOf(content) {
    const hex = (0,external_node_crypto_.createHash)('sha256').update(content).digest('hex');
    const variant = '89ab'[Number.parseInt(hex.slice(16, 17), 16) % 4] ?? '8';
    const groups = [
        hex.slice(0, 8),
        hex.slice(8, 12),
        `8${hex.slice(13, 16)}`,
        `${variant}${hex.slice(17, 20)}`,
    ];
    return [...groups, hex.slice(20, 32)].join('-');
}


/***/ })

};
