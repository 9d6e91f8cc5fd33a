/**
 * Who may use whom. A folder is entered by its index.ts, layers and modules look downwards only, and what is to be replaceable
 * (connectors, the world) knows nothing of what is inside. `test/directions.test.ts` proves that each rule can fail.
 */

/** From the lowest to the highest: a module may use those before it. */
export const modulesInOrder = [
  'identity',
  'audit',
  'suppliers',
  'catalog',
  'channels',
  'orders',
  'routing',
  'purchasing',
  'shipping',
  'returns',
  'finance',
  'exceptions',
  'notifications',
  'insight',
];

const tests = '[.](test|test-d)[.]tsx?$|(^|/)(testing|fixtures)/';
const code = (layers) => `^(${layers.join('|')})/`;

/** What each layer may use of ours, besides itself. */
const layers = [
  { name: 'kernel', path: 'src/kernel', may: [], because: 'the words for all stand on nothing' },
  { name: 'ports', path: 'src/ports', may: ['src/kernel'], because: 'a port is a type, not machinery' },
  { name: 'formats', path: 'src/formats', may: ['src/kernel'], because: 'turning bytes into values and back is pure' },
  {
    name: 'platform',
    path: 'src/platform',
    may: ['src/kernel', 'src/ports', 'src/formats'],
    because: 'the machinery knows nothing of commerce',
  },
  {
    name: 'modules',
    path: 'src/modules',
    may: ['src/kernel', 'src/ports', 'src/formats', 'src/platform'],
    because: 'the domain does not know when it is run, or by whom it is asked',
  },
  {
    name: 'flows',
    path: 'src/flows',
    may: ['src/kernel', 'src/ports', 'src/formats', 'src/platform', 'src/modules'],
    because: 'a life calls modules and knows no door and no far side',
  },
  {
    name: 'surfaces',
    path: 'src/surfaces',
    may: ['src/kernel', 'src/ports', 'src/formats', 'src/platform', 'src/modules', 'src/flows'],
    because: 'doors are the outermost layer but one',
  },
  {
    name: 'connectors',
    path: 'src/connectors',
    may: ['src/kernel', 'src/ports', 'src/formats'],
    because: 'a connector can live outside this repository',
  },
  {
    name: 'world',
    path: 'world',
    may: ['src/kernel', 'src/ports', 'src/formats'],
    because: 'the outside must not know our inside, or it would agree with our mistakes',
  },
];

const directions = layers.map(({ name, path, may, because }) => ({
  name: `${name}-looks-down-only`,
  comment: `${path} may use ${may.length ? may.join(', ') : 'nothing of ours'}: ${because}`,
  severity: 'error',
  from: { path: `^${path}/`, pathNot: tests },
  to: { path: code(['src', 'world', 'web', 'bench', 'test']), pathNot: code([path, ...may]) },
}));

const modulesLookDown = modulesInOrder.map((module, place) => ({
  name: `${module}-uses-modules-below-only`,
  comment: `${module} may use ${modulesInOrder.slice(0, place).join(', ') || 'no other module'}: a newcomer can read from the bottom up`,
  severity: 'error',
  from: { path: `^src/modules/${module}/`, pathNot: tests },
  to: { path: '^src/modules/', pathNot: code([module, ...modulesInOrder.slice(0, place)].map((below) => `src/modules/${below}`)) },
}));

/** Folders of folders: what is inside one is entered by its index.ts, whoever comes. Connectors lie one deeper, in groups. */
const enteredByIndex = [
  { of: '^src/(platform|modules|formats|surfaces)/([^/]+)/', own: '^src/$1/$2/' },
  { of: '^src/connectors/([^/]+)/([^/]+)/', own: '^src/connectors/$1/$2/' },
  { of: '^(src/(kernel|ports|flows|app)|world|bench|test|web)/', own: '^nowhere/' },
].map(({ of, own }, place) => ({
  name: `enter-by-index-${place + 1}`,
  comment: 'a folder has one public face, its index.ts; ask for a verb there',
  severity: 'error',
  from: { path: of },
  to: {
    path: '^src/((platform|modules|formats|surfaces)/[^/]+|connectors/[^/]+/[^/]+)/',
    pathNot: [own, '^src/((platform|modules|formats|surfaces)/[^/]+|connectors/[^/]+/[^/]+)/index[.]ts$'],
  },
}));

export default {
  forbidden: [
    ...directions,
    ...modulesLookDown,
    {
      name: 'no-cycles',
      comment: 'of two files that need each other neither can be read first',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...enteredByIndex,
    {
      name: 'nothing-unresolved',
      comment: 'an import that leads nowhere, or deeper into a folder than its index.ts',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'the-program-needs-no-tool',
      comment: 'what runs in a shop may use only what is installed there',
      severity: 'error',
      from: { path: '^(src|world)/', pathNot: tests },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'the-console-uses-types-of-the-api-only',
      comment: 'the console speaks to the public API like anybody else',
      severity: 'error',
      from: { path: '^web/', pathNot: tests },
      to: { path: '^(src|world)/', dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
  },
};
