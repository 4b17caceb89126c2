# cspell:ignore arccosh arcsinh arctanh boollist discretizer doublelist dxsm expit frombuffer gammaln hdbscan intlist lgbm mareconstruct multiarray philox qscheme qtensor randomstate rint tensorlist tfidf ufuncs umath vectorizer xlogy
"""Lists the classes and functions that pickles of the usual libraries name, as action/src/scan/trusted-globals.json.

usage: python3 action/scripts/trusted-globals.py [LIST.json ...] > action/src/scan/trusted-globals.json
Lists made with other versions of the libraries are taken in; made with those of Debian 12 and of Debian 13.
What newer versions than these name is in KNOWN, by hand. Nothing gets in that runs code, writes
files, or returns what others could call.
"""

import importlib
import inspect
import json
import pkgutil
import sys
import warnings
from collections import defaultdict

import scipy.sparse
import sklearn
import torch
import xgboost
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.gaussian_process.kernels import Kernel
from torch import nn

warnings.filterwarnings('ignore')
ARRAYS = ['numpy.core', 'numpy._core']
KNOWN = {
    'builtins': 'bool bytearray bytes complex dict float frozenset int list object range set slice str tuple',
    '__builtin__': 'bool bytearray bytes complex dict float frozenset int list long object set slice str tuple unicode',
    'copyreg': '_reconstructor __newobj__',
    'copy_reg': '_reconstructor __newobj__',
    '_codecs': 'encode',
    'collections': 'OrderedDict defaultdict deque Counter',
    'datetime': 'date datetime time timedelta timezone',
    'decimal': 'Decimal',
    'fractions': 'Fraction',
    'uuid': 'UUID',
    'pathlib': 'PosixPath PurePosixPath',
    'numpy': 'dtype ndarray matrix bool_ float16 float32 float64 int8 int16 int32 int64 uint8 uint16 uint32 uint64 '
             'complex64 complex128 str_ bytes_ object_ datetime64 timedelta64 longdouble',
    'numpy.ma.core': '_mareconstruct MaskedArray',
    'numpy.random._pickle': '__bit_generator_ctor __generator_ctor __randomstate_ctor',
    'numpy.random._mt19937': 'MT19937',
    'numpy.random._pcg64': 'PCG64 PCG64DXSM',
    'numpy.random._philox': 'Philox',
    'numpy.random._sfc64': 'SFC64',
    'numpy.random.bit_generator': 'SeedSequence __pyx_unpickle_SeedSequence',
    'joblib.numpy_pickle': 'NumpyArrayWrapper',
    'joblib._store_backends': '',
    'torch': 'Size device Tensor FloatStorage DoubleStorage HalfStorage BFloat16Storage LongStorage IntStorage '
             'ShortStorage CharStorage ByteStorage BoolStorage ComplexFloatStorage ComplexDoubleStorage QInt8Storage '
             'QUInt8Storage QInt32Storage QUInt4x2Storage QUInt2x4Storage UntypedStorage',
    'torch.storage': 'UntypedStorage TypedStorage _UntypedStorage _TypedStorage',
    'torch.serialization': '_get_layout',
    'torch.nn.parameter': 'Parameter Buffer UninitializedParameter UninitializedBuffer',
    'torch._utils': '_rebuild_tensor _rebuild_tensor_v2 _rebuild_tensor_v3 _rebuild_parameter '
                    '_rebuild_parameter_with_state _rebuild_qtensor _rebuild_sparse_tensor '
                    '_rebuild_meta_tensor_no_storage _rebuild_nested_tensor '
                    '_rebuild_device_tensor_from_numpy _rebuild_device_tensor_from_cpu_tensor',
    'torch._tensor': '_rebuild_from_type_v2',
    'torch.jit._pickle': 'build_intlist build_doublelist build_boollist build_tensorlist build_tensor_from_id '
                         'restore_type_tag',
    'torch.utils._ordered_set': 'OrderedSet',
    'sklearn._loss._loss': 'CyHalfSquaredError CyAbsoluteError CyPinballLoss CyHuberLoss CyHalfPoissonLoss '
                           'CyHalfGammaLoss CyHalfTweedieLoss CyHalfTweedieLossIdentity CyHalfBinomialLoss '
                           'CyExponentialLoss CyHalfMultinomialLoss __pyx_unpickle_CyHalfMultinomialLoss',
    'sklearn.cluster._hdbscan.hdbscan': 'HDBSCAN',
    'sklearn.preprocessing._target_encoder': 'TargetEncoder',
    'sklearn.frozen._frozen': 'FrozenEstimator',
    'sklearn.model_selection._classification_threshold': 'FixedThresholdClassifier TunedThresholdClassifierCV '
                                                         '_CurveScorer',
    'sklearn.utils._bunch': 'Bunch',
    'sklearn.utils': 'Bunch',
    'sklearn.utils._metadata_requests': 'MetadataRequest MethodMetadataRequest',
    'sklearn.ensemble._hist_gradient_boosting.common': 'X_DTYPE X_BINNED_DTYPE Y_DTYPE',
    'xgboost.core': 'Booster',
    'xgboost.callback': 'TrainingCallback EarlyStopping EvaluationMonitor LearningRateScheduler',
    'lightgbm.sklearn': 'LGBMModel LGBMClassifier LGBMRegressor LGBMRanker',
    'lightgbm.basic': 'Booster',
    'catboost.core': 'CatBoost CatBoostClassifier CatBoostRegressor CatBoostRanker',
}
FUNCTIONS = ('log log1p log2 log10 exp expm1 exp2 sqrt square cbrt abs absolute sin cos tan tanh sinh cosh arcsin '
             'arccos arctan arctanh arcsinh arccosh reciprocal sign floor ceil rint negative')
found = defaultdict(set)


def add(module, names):
    found[module].update(names.split() if isinstance(names, str) else names)


def modules_of(package):
    yield package
    for info in pkgutil.walk_packages(package.__path__, package.__name__ + '.', onerror=lambda _: None):
        if '.tests' in info.name or 'conftest' in info.name or '._testing' in info.name:
            continue
        try:
            yield importlib.import_module(info.name)
        except Exception:
            continue


def add_classes(package, is_wanted):
    for module in modules_of(package):
        for name, value in vars(module).items():
            if inspect.isclass(value) and value.__module__ == module.__name__ and value.__name__ == name \
                    and is_wanted(module.__name__, value):
                add(module.__name__, [name])
            elif name.startswith('__pyx_unpickle_Cy') and module.__name__ == 'sklearn._loss._loss':
                add(module.__name__, [name])


PARTS = ('sklearn._loss', 'sklearn.ensemble._gb_losses', 'sklearn.ensemble._hist_gradient_boosting',
         'sklearn.linear_model._sgd_fast', 'sklearn.linear_model._glm', 'sklearn.metrics._dist_metrics',
         'sklearn.neighbors._ball_tree', 'sklearn.neighbors._kd_tree', 'sklearn.neighbors._quad_tree',
         'sklearn.neural_network._stochastic_optimizers', 'sklearn.tree._', 'sklearn.cluster._',
         'sklearn.calibration', 'sklearn.isotonic', 'sklearn.model_selection._split')
add_classes(sklearn, lambda module, kind: issubclass(kind, (BaseEstimator, TransformerMixin, Kernel))
            or module.startswith(PARTS) and not issubclass(kind, BaseException))
add_classes(nn.modules, lambda _, kind: issubclass(kind, nn.Module))
add_classes(torch.ao.nn, lambda _, kind: issubclass(kind, nn.Module))
add_classes(scipy.sparse, lambda _, kind: kind.__name__.endswith(('_matrix', '_array')))
add_classes(xgboost, lambda module, kind: module == 'xgboost.sklearn' and kind.__name__.startswith('XGB'))
for module in ['scipy.sparse._' + kind for kind in 'csr csc coo bsr dia dok lil'.split()]:
    add(module, [f'{module[-3:]}_matrix', f'{module[-3:]}_array'])
add('torch', [name for name, value in vars(torch).items() if isinstance(value, (torch.dtype, torch.layout, torch.qscheme))])
add('torch', 'float8_e4m3fn float8_e5m2 uint16 uint32 uint64')
for array in ARRAYS:
    add(f'{array}.multiarray', '_reconstruct scalar')
    add(f'{array}.numeric', '_frombuffer')
    add(f'{array}._multiarray_umath', FUNCTIONS)
add('numpy', FUNCTIONS)
add('scipy.special._ufuncs', 'expit logit xlogy gammaln')
for module, names in KNOWN.items():
    add(module, names)
for kind in '', '32', '64':
    add(f'sklearn.neighbors._kd_tree', [f'KDTree{kind}', f'newObj{kind}', 'newObj'])
    add(f'sklearn.neighbors._ball_tree', [f'BallTree{kind}', f'newObj{kind}', 'newObj'])
    add('sklearn.metrics._dist_metrics', [f'newObj{kind}'])
for path in sys.argv[1:]:
    with open(path) as file:
        for module, names in json.load(file).items():
            add(module, names)
print(json.dumps({module: sorted(names) for module, names in sorted(found.items()) if names}, indent=2))
