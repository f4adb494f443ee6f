'use strict';
/* Draws points into an ImageData: one small antialiased stamp per style, or a density image under the urgent ones
   when most points would lie on one another. The buffer has a margin, so that no stamp needs clipping. */

const MARGIN = 40;
const CROWD_CELL = 8;   // css pixels
const CROWD_LIMIT = 9;  // points in a cell of that size that lie on one another
const DENSE_SHARE = 0.5;

const URGENT = (rank) => rank >= 9 || rank % 3 === 2;  // red, orange or overdue

const rgb = (hex) => [parseInt(hex.slice(1, 3), 16), parseInt(hex.slice(3, 5), 16), parseInt(hex.slice(5, 7), 16)];

class Raster {
  constructor() { this.width = 0; this.height = 0; this.dense = false; this.radius = 3.4; }

  resize(width, height, ratio) {
    if (width === this.width && height === this.height && ratio === this.ratio) return;
    Object.assign(this, { width, height, ratio });
    this.stride = width + 2 * MARGIN;
    this.image = new ImageData(this.stride, height + 2 * MARGIN);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.taken = new Uint8Array(this.pixels.length);
    this.crowdColumns = Math.ceil(width / (CROWD_CELL * ratio)) + 1;
    this.crowdRows = Math.ceil(height / (CROWD_CELL * ratio)) + 1;
    this.crowd = new Uint16Array(this.crowdColumns * this.crowdRows);
    this.stampKey = '';
  }

  /* One stamp per rank: offsets into the buffer, colour bits and alpha of every pixel it touches. */
  stamps(look, radius) {
    const key = `${look.grades}${look.rim}${radius}${this.stride}${this.ratio}`;
    if (key === this.stampKey) return;
    this.stampKey = key;
    this.stamp = [];
    const half = Math.ceil((radius + 2) * this.ratio), side = 2 * half + 1;
    const pen = new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true });
    for (let rank = 0; rank < RANKS; rank++) {
      const grade = 4 - Math.floor(rank / 3), lamp = rank % 3;
      pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.clearRect(0, 0, side, side);
      pen.setTransform(this.ratio, 0, 0, this.ratio, half + 0.5, half + 0.5);
      const r = radius * (grade < 2 ? 1.15 : 1);
      pen.beginPath();
      if (lamp === 0) pen.arc(0, 0, r * 0.92, 0, 2 * Math.PI);
      else if (lamp === 1) { pen.moveTo(0, -r * 1.3); pen.lineTo(r * 1.22, r * 0.88); pen.lineTo(-r * 1.22, r * 0.88); pen.closePath(); }
      else pen.rect(-r, -r, 2 * r, 2 * r);
      pen.lineJoin = 'round';
      pen.globalAlpha = radius > 2.5 ? 0.75 : 0.4;
      pen.strokeStyle = look.rim;
      pen.lineWidth = 1.6;
      pen.stroke();
      pen.globalAlpha = 1;
      pen.fillStyle = look.grades[grade];
      pen.fill();
      const bytes = pen.getImageData(0, 0, side, side).data;
      const offset = [], colour = [], alpha = [];
      for (let py = 0; py < side; py++) for (let px = 0; px < side; px++) {
        const at = 4 * (py * side + px), a = bytes[at + 3];
        if (a < 8) continue;
        offset.push((py - half) * this.stride + px - half);
        colour.push(bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16);
        alpha.push(a > 247 ? 255 : a);
      }
      this.stamp.push({ offset: Int32Array.from(offset), colour: Int32Array.from(colour), alpha: Uint8Array.from(alpha) });
    }
  }

  /* `view` = { scale: device pixels per metre, x, y: where the origin lies in device pixels }. */
  draw(points, view, look, forceDense) {
    points.sort();
    const seen = this.gather(points, view);
    this.dense = forceDense || this.crowding(seen) > DENSE_SHARE;
    this.radius = look.unit * (this.dense ? 2.1 : seen > 20000 ? 2.4 : seen > 5000 ? 2.7 : seen > 1200 ? 3.1 : 3.6);
    this.stamps(look, this.radius);
    this.pixels.fill(0);
    this.taken.fill(0);
    if (this.dense) this.density(seen, look);
    const { px, py, rankOf, taken, stride } = this;
    const first = new Uint32Array(RANKS + 1);
    for (let k = 0; k < seen; k++) first[rankOf[k] + 1]++;
    for (let rank = 0; rank < RANKS; rank++) first[rank + 1] = first[rank] + (this.dense && !URGENT(rank) ? 0 : first[rank + 1]);
    const next = first.slice(), sorted = new Uint32Array(first[RANKS]);
    for (let k = 0; k < seen; k++) if (!this.dense || URGENT(rankOf[k])) sorted[next[rankOf[k]]++] = k;
    const held = this.dense && this.thin(first, sorted);
    for (let rank = 0; rank < RANKS; rank++) {
      const mark = rank + 1;
      for (let n = first[rank]; n < first[rank + 1]; n++) {
        const k = sorted[n], place = py[k] * stride + px[k];
        if ((held && !held[n]) || taken[place] === mark) continue;
        taken[place] = mark;
        this.print(this.stamp[rank], place);
      }
    }
    return seen;
  }

  /* In a density picture each small cell names only its most urgent case, so that symbols stay apart. */
  thin(first, sorted) {
    const step = Math.round(2.9 * this.radius * this.ratio), { px, py } = this;
    const columns = Math.ceil(this.stride / step), full = new Uint8Array(columns * Math.ceil(this.image.height / step));
    const held = new Uint8Array(sorted.length);
    for (let n = sorted.length - 1; n >= 0; n--) {
      const cell = ((py[sorted[n]] / step) | 0) * columns + ((px[sorted[n]] / step) | 0);
      if (full[cell]) continue;
      full[cell] = held[n] = 1;
    }
    return held;
  }

  gather(points, view) {
    const { width, height, ratio } = this, room = points.slot.length;
    if (!this.px || this.px.length < room) {
      this.px = new Int16Array(room);
      this.py = new Int16Array(room);
      this.rankOf = new Uint8Array(room);
    }
    const { px, py, rankOf, crowd, crowdColumns } = this;
    const { sx, sy, sstyle } = points;
    const reach = 16, cell = 1 / (CROWD_CELL * ratio), { scale } = view;
    // Shifted so that everything kept is positive and `| 0` is a floor.
    const x0 = view.x + MARGIN, y0 = view.y + MARGIN;
    const low = MARGIN - reach, right = MARGIN + width + reach, bottom = MARGIN + height + reach;
    let seen = 0;
    crowd.fill(0);
    points.runs((-reach - view.x) / scale, (view.y - height - reach) / scale, (width + reach - view.x) / scale, (view.y + reach) / scale, (from, to) => {
      for (let k = from; k < to; k++) {
        const s = sstyle[k];
        if (s & HIDDEN) continue;
        const x = sx[k] * scale + x0, y = y0 - sy[k] * scale;
        if (x < low || y < low || x >= right || y >= bottom) continue;
        px[seen] = x;
        py[seen] = y;
        rankOf[seen++] = RANK[s & 31];
        const cx = x - MARGIN, cy = y - MARGIN;
        if (cx >= 0 && cy >= 0 && cx < width && cy < height) crowd[(cy * cell | 0) * crowdColumns + (cx * cell | 0)]++;
      }
    });
    return seen;
  }

  /* Share of the seen points that lie where there is no room for them side by side. */
  crowding(seen) {
    let crowded = 0;
    for (let c = 0; c < this.crowd.length; c++) if (this.crowd[c] > CROWD_LIMIT) crowded += this.crowd[c];
    return seen < 2000 ? 0 : crowded / seen;
  }

  /* How many points lie in a rectangle of css pixels, to the nearest crowd cell. */
  count(x, y, width, height) {
    let sum = 0;
    const left = Math.max(0, Math.floor(x / CROWD_CELL)), right = Math.min(this.crowdColumns - 1, Math.floor((x + width) / CROWD_CELL));
    const top = Math.max(0, Math.floor(y / CROWD_CELL)), bottom = Math.min(this.crowdRows - 1, Math.floor((y + height) / CROWD_CELL));
    for (let r = top; r <= bottom; r++) for (let c = left; c <= right; c++) sum += this.crowd[r * this.crowdColumns + c];
    return sum;
  }

  /* Log density in cells of two css pixels, smoothed once, tinted from clear to strong. */
  density(seen, look) {
    const step = Math.max(1, Math.round(2 * this.ratio)), { stride, px, py, pixels } = this;
    const columns = Math.ceil(stride / step), rows = Math.ceil(this.image.height / step);
    if (!this.counts || this.counts.length !== columns * rows) {
      this.counts = new Uint32Array(columns * rows);
      this.across = new Uint32Array(columns * rows);
    }
    const { counts, across } = this;
    counts.fill(0);
    for (let k = 0; k < seen; k++) counts[((py[k] / step) | 0) * columns + ((px[k] / step) | 0)]++;
    for (let i = 1; i < counts.length - 1; i++) across[i] = counts[i - 1] + 2 * counts[i] + counts[i + 1];
    let most = 1;
    for (let i = columns; i < counts.length - columns; i++) {
      const sum = counts[i] = across[i - columns] + 2 * across[i] + across[i + columns];
      if (sum > most) most = sum;
    }
    const [red, green, blue] = rgb(look.density), colour = red | green << 8 | blue << 16;
    const full = 225 / Math.log1p(most * 3 / 16), tint = new Uint32Array(most + 1);
    for (let sum = 1; sum <= most; sum++) tint[sum] = colour | (full * Math.log1p(sum * 3 / 16)) << 24;
    for (let r = 1; r < rows - 1; r++) for (let c = 1, i = r * columns + 1; c < columns - 1; c++, i++) {
      if (!counts[i]) continue;
      const bits = tint[counts[i]];
      for (let dy = 0, to = r * step * stride + c * step; dy < step; dy++, to += stride) {
        for (let dx = 0; dx < step; dx++) pixels[to + dx] = bits;
      }
    }
  }

  print(stamp, place) {
    const { pixels } = this, { offset, colour, alpha } = stamp;
    for (let p = 0; p < offset.length; p++) {
      const to = place + offset[p], a = alpha[p];
      const old = pixels[to], under = old >>> 24;
      if (a === 255 || under === 0) { pixels[to] = colour[p] | a << 24; continue; }
      const c = colour[p], rest = under * (255 - a) / 255, sum = a + rest, w = a / sum, v = rest / sum;
      pixels[to] = ((c & 255) * w + (old & 255) * v) | ((c >> 8 & 255) * w + (old >> 8 & 255) * v) << 8 |
        ((c >> 16 & 255) * w + (old >> 16 & 255) * v) << 16 | sum << 24;
    }
  }
}
