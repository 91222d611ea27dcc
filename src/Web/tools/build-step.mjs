// One step of the UI's build as MSBuild runs it: `install` or `compile`. Several builds may run at once (tests that host the server
// are built by processes of their own), so each step holds a lock, and is skipped when another process has just done it.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("..", import.meta.url));
const lock = join(folder, "obj", "build.lock");
const waitMillisMax = 10 * 60_000;
const requestedAt = Date.now();

const steps = {
  install: {
    output: join(folder, "node_modules", ".installed"),
    inputs: () => [join(folder, "package-lock.json")],
    run() {
      npm("ci", "--no-audit", "--no-fund", "--loglevel=error");
      writeFileSync(this.output, "");
    },
  },
  compile: {
    output: join(folder, "dist", "index.html"),
    inputs: () => readFileSync(join(folder, "obj", "sources.txt"), "utf8").split(/\r?\n/).filter(Boolean).concat(join(folder, "obj", "sources.txt")),
    run() {
      npm("run", "--silent", "build");
      utimesSync(this.output, new Date(), new Date());
    },
  },
};

const step = steps[process.argv[2]];
if (!step) throw new Error(`Unknown step ${process.argv[2]}: expected ${Object.keys(steps).join(" or ")}.`);
await takeLock();
try {
  if (!isUpToDate(step)) step.run();
} finally {
  rmSync(lock, { recursive: true, force: true });
}

function isUpToDate({ output, inputs }) {
  if (!existsSync(output)) return false;
  const builtAt = statSync(output).mtimeMs;
  return inputs().every((input) => existsSync(input) && statSync(input).mtimeMs <= builtAt);
}

function npm(...parameters) {
  // A shell, because on Windows npm is a script.
  const { status, error } = spawnSync(`npm ${parameters.join(" ")}`, { cwd: folder, stdio: "inherit", shell: true });
  if (error) throw error;
  if (status !== 0) {
    rmSync(lock, { recursive: true, force: true });
    process.exit(status ?? 1);
  }
}

/** A folder, because creating one is atomic everywhere; inside, the holder's process id, so that a killed build locks nobody out. */
async function takeLock() {
  mkdirSync(join(folder, "obj"), { recursive: true });
  for (;;) {
    try {
      mkdirSync(lock);
      writeFileSync(join(lock, String(process.pid)), "");
      return;
    } catch (failure) {
      if (failure.code !== "EEXIST") throw failure;
    }
    if (holderIsDead()) rmSync(lock, { recursive: true, force: true });
    else if (Date.now() - requestedAt > waitMillisMax) throw new Error(`Another build of the web UI holds ${lock} for more than 10 minutes. If none is running, delete that folder.`);
    else await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

function holderIsDead() {
  try {
    const [holder] = readdirSync(lock);
    // Without a holder yet, its process is between its two steps above.
    if (holder === undefined) return Date.now() - statSync(lock).mtimeMs > 10_000;
    process.kill(Number(holder), 0);
    return false;
  } catch (failure) {
    return failure.code === "ESRCH";
  }
}
