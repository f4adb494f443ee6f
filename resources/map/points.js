'use strict';
/* The cases as typed arrays, one entry per slot of the desk's mirror, with a copy sorted into
   a 256 x 256 grid by counting. A case that moves to another cell leaves a dead entry and goes to the tail of that copy.
   Coordinates are Mercator metres from the origin; style = grade | lamp << 3 | 0x80 when hidden. */

const GRID = 256;
const HIDDEN = 0x80;
const TAIL = 8192;
const STYLES = 32;

/* Drawing rank of a style: green below red, and in one grade overdue above soon above normal. */
const RANK = new Uint8Array(STYLES);
for (let style = 0; style < STYLES; style++) RANK[style] = Math.max(0, 4 - (style & 7)) * 3 + Math.min(2, style >> 3);
const RANKS = 15;

class Points {
  constructor() {
    this.size = 0;
    this.x = new Float32Array(0);
    this.y = new Float32Array(0);
    this.style = new Uint8Array(0);
    this.stale = true;
  }

  load(buffer) {
    const n = new Uint32Array(buffer, 0, 1)[0];
    this.size = n;
    this.x = new Float32Array(buffer, 4, n);
    this.y = new Float32Array(buffer, 4 + 4 * n, n);
    this.style = new Uint8Array(buffer, 4 + 8 * n, n);
    this.stale = true;
  }

  apply(buffer) {
    const n = new Uint32Array(buffer, 0, 1)[0];
    const slots = new Uint32Array(buffer, 4, n);
    const x = new Float32Array(buffer, 4 + 4 * n, n);
    const y = new Float32Array(buffer, 4 + 8 * n, n);
    const style = new Uint8Array(buffer, 4 + 12 * n, n);
    let last = this.size - 1;
    for (let k = 0; k < n; k++) if (slots[k] > last) last = slots[k];
    this.reach(last + 1);
    for (let k = 0; k < n; k++) this.put(slots[k], x[k], y[k], style[k]);
  }

  put(slot, x, y, style) {
    this.x[slot] = x;
    this.y[slot] = y;
    this.style[slot] = style;
    if (this.stale) return;
    let at = slot < this.where.length ? this.where[slot] : -1;
    if (at < 0 || (at < this.sorted && this.cell(this.sx[at], this.sy[at]) !== this.cell(x, y))) {
      if (at >= 0) this.sstyle[at] = HIDDEN;
      if (this.end === this.slot.length || slot >= this.where.length) { this.stale = true; return; }
      at = this.end++;
      this.where[slot] = at;
      this.slot[at] = slot;
    }
    this.sx[at] = x;
    this.sy[at] = y;
    this.sstyle[at] = style;
  }

  reach(size) {
    if (size > this.x.length) {
      const room = Math.max(1024, 2 * size);
      const grow = (old, Kind) => { const next = new Kind(room); next.set(old); return next; };
      this.x = grow(this.x, Float32Array);
      this.y = grow(this.y, Float32Array);
      this.style = grow(this.style, Uint8Array);
    }
    if (size > this.size) {
      this.style.fill(HIDDEN, this.size, size);
      this.size = size;
    }
  }

  /* Sort all slots into cells; edge cells reach to infinity, so points outside the box are never lost. */
  sort() {
    if (!this.stale) return;
    this.stale = false;
    const { x, y, size, style } = this;
    let west = Infinity, east = -Infinity, south = Infinity, north = -Infinity;
    for (let i = 0; i < size; i++) {
      if (style[i] & HIDDEN) continue;
      if (x[i] < west) west = x[i];
      if (x[i] > east) east = x[i];
      if (y[i] < south) south = y[i];
      if (y[i] > north) north = y[i];
    }
    if (west > east) { west = south = 0; east = north = 1; }
    this.west = west;
    this.south = south;
    this.perX = GRID / Math.max(1, east - west);
    this.perY = GRID / Math.max(1, north - south);
    const cell = new Uint16Array(size), start = new Uint32Array(GRID * GRID + 1);
    for (let i = 0; i < size; i++) start[(cell[i] = this.cell(x[i], y[i])) + 1]++;
    for (let c = 0; c < GRID * GRID; c++) start[c + 1] += start[c];
    const next = start.slice(), room = size + TAIL;
    this.where = new Int32Array(room).fill(-1);
    this.slot = new Uint32Array(room);
    this.sx = new Float32Array(room);
    this.sy = new Float32Array(room);
    this.sstyle = new Uint8Array(room);
    for (let i = 0; i < size; i++) {
      const at = next[cell[i]]++;
      this.where[i] = at;
      this.slot[at] = i;
      this.sx[at] = x[i];
      this.sy[at] = y[i];
      this.sstyle[at] = style[i];
    }
    this.start = start;
    this.sorted = this.end = size;
  }

  column(x) { const c = ((x - this.west) * this.perX) | 0; return c < 0 ? 0 : c >= GRID ? GRID - 1 : c; }
  row(y) { const r = ((y - this.south) * this.perY) | 0; return r < 0 ? 0 : r >= GRID ? GRID - 1 : r; }
  cell(x, y) { return this.row(y) * GRID + this.column(x); }

  /* Runs of the sorted copy that can hold points of the rectangle: run(from, to); the caller tests the exact place. */
  runs(west, south, east, north, run) {
    this.sort();
    const { start } = this, left = this.column(west), right = this.column(east);
    for (let r = this.row(south), top = this.row(north); r <= top; r++) {
      const from = start[r * GRID + left], to = start[r * GRID + right + 1];
      if (from < to) run(from, to);
    }
    if (this.sorted < this.end) run(this.sorted, this.end);
  }

  /* What a click at (x, y) means: the topmost point within `reach` metres, else the nearest within `far`; -1 none. */
  hit(x, y, reach, far) {
    let best = -1, bestRank = -1, bestDistance = Infinity, near = -1, nearDistance = far * far;
    this.runs(x - far, y - far, x + far, y + far, (from, to) => {
      for (let k = from; k < to; k++) {
        if (this.sstyle[k] & HIDDEN) continue;
        const dx = this.sx[k] - x, dy = this.sy[k] - y, d = dx * dx + dy * dy;
        if (d <= reach * reach) {
          const rank = RANK[this.sstyle[k] & 31];
          if (rank > bestRank || (rank === bestRank && d < bestDistance)) { best = this.slot[k]; bestRank = rank; bestDistance = d; }
        } else if (d < nearDistance) { near = this.slot[k]; nearDistance = d; }
      }
    });
    return best >= 0 ? best : near;
  }

  inside(west, south, east, north) {
    const found = [];
    this.runs(west, south, east, north, (from, to) => {
      for (let k = from; k < to; k++) {
        const x = this.sx[k], y = this.sy[k];
        if (!(this.sstyle[k] & HIDDEN) && x >= west && x <= east && y >= south && y <= north) found.push(this.slot[k]);
      }
    });
    return found;
  }
}
