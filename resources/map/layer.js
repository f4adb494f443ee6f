'use strict';
/* The canvas layer of the folium page: draws when something changed, tells the desk what was pointed at. */

const METRES = 2 * Math.PI * 6378137;

class CaseLayer {
  constructor(map) {
    this.map = map;
    this.points = new Points();
    this.ground = new Ground();
    this.raster = new Raster();
    this.show = { points: true, density: false, fine: true };
    this.look = null;
    this.origin = null;
    this.chosen = -1;
    this.under = -1;
    this.sequence = 0;
    this.told = 0;
    this.work = Promise.resolve();
    this.dirty = new Set();
    this.fitted = true;
    this.insets = { left: 0, top: 0, bottom: 0 };
    this.crowded = false;
    this.drawn = [];
    const box = map.getContainer();
    const canvas = () => { const made = document.createElement('canvas'); made.className = 'cc-canvas'; box.append(made); return made; };
    this.groundPen = canvas().getContext('2d', { alpha: false, willReadFrequently: true });
    this.pointPen = canvas().getContext('2d', { willReadFrequently: true });
    this.topPen = canvas().getContext('2d', { willReadFrequently: true });
    this.beat = document.createElement('div');
    this.beat.className = 'cc-beat';
    box.append(this.beat);
    map.on('move zoom', () => this.touch('ground', 'points', 'top'));
    map.on('zoomend', () => { this.ground.spots = []; this.touch('top'); });
    map.on('dragstart', () => { this.fitted = false; });
    map.on('resize', () => { if (this.fitted) this.fit(); this.ground.spots = []; this.touch('ground', 'points', 'top'); });
    this.listen(box);
  }

  /* ---- what the desk sends, in order ---- */

  take(job) { this.work = this.work.then(job).catch((error) => console.error(String(error))); }
  fetch(path) { return fetch(path).then((answer) => answer.arrayBuffer()); }

  load(path, sequence) { this.take(async () => { this.points.load(await this.fetch(path)); this.arrived(sequence, true); }); }
  delta(path, sequence) { this.take(async () => { this.points.apply(await this.fetch(path)); this.arrived(sequence, false); }); }
  arrived(sequence, all) {
    this.sequence = sequence;
    if (all) this.ground.spots = [];
    this.touch('points', 'top');
  }

  areas(path, origin) {
    this.take(async () => {
      this.ground.load(JSON.parse(new TextDecoder().decode(await this.fetch(path))));
      this.origin = L.latLng(origin.lat, origin.lon);
      this.fit();
      this.touch('ground', 'points', 'top');
    });
  }

  fills(colours, counts) { this.take(() => { Object.assign(this.ground, { fills: colours, counts }); this.touch('ground', 'top'); }); }
  theme(look) { this.take(() => { this.look = look; this.touch('ground', 'points', 'top'); }); }
  layers(show) { this.take(() => { Object.assign(this.show, show); this.ground.spots = []; this.touch('ground', 'points', 'top'); }); }
  room(insets) { this.take(() => { this.insets = insets; }); }
  lines(drawn) { this.take(() => { this.drawn = drawn; this.touch('top'); }); }
  select(slot, pan) {
    this.take(() => {
      this.chosen = slot;
      if (pan && slot >= 0 && slot < this.points.size && !(this.points.style[slot] & HIDDEN)) this.reveal(slot);
      this.touch('top');
    });
  }

  fit() {
    const box = this.ground.box();
    if (!box || !this.origin) return;
    const size = this.map.getSize(), pad = Math.max(12, Math.min(size.x, size.y) * 0.035);
    const wide = box.east - box.west, high = box.north - box.south, { left, top, bottom } = this.insets;
    const scale = (x, y) => Math.min((size.x - 2 * pad - x) / wide, (size.y - 2 * pad - y) / high);
    // Legend and bar lie at the left: pass beside them, or between them, whichever shows the county larger.
    let inset = { left: 0, top: 0, bottom: 0 };
    if ((size.x - wide * scale(0, 0)) / 2 < left) {
      inset = scale(left, 0) >= scale(0, top + bottom) ? { left, top: 0, bottom: 0 } : { left: 0, top, bottom };
    }
    this.map.fitBounds([this.degrees(box.west, box.south), this.degrees(box.east, box.north)], {
      paddingTopLeft: [pad + inset.left, pad + inset.top], paddingBottomRight: [pad, pad + inset.bottom], animate: false,
    });
    this.fitted = true;
  }

  /* Bring a point into the middle half of the picture, without changing what is already in sight. */
  reveal(slot) {
    const at = this.pixel(slot), size = this.map.getSize();
    if (at.x > size.x * 0.08 && at.x < size.x * 0.92 && at.y > size.y * 0.08 && at.y < size.y * 0.92) return;
    this.fitted = false;
    this.map.panTo(this.degrees(this.points.x[slot], this.points.y[slot]), { animate: false });
  }

  /* ---- geometry ---- */

  view() {
    const ratio = window.devicePixelRatio || 1;
    const at = this.map.latLngToContainerPoint(this.origin);
    return { ratio, scale: ratio * 256 * 2 ** this.map.getZoom() / METRES, x: at.x * ratio, y: at.y * ratio };
  }
  metres(at) {
    const view = this.view();
    return { x: (at.x * view.ratio - view.x) / view.scale, y: (view.y - at.y * view.ratio) / view.scale };
  }
  pixel(slot) {
    const view = this.view();
    return { x: (this.points.x[slot] * view.scale + view.x) / view.ratio, y: (view.y - this.points.y[slot] * view.scale) / view.ratio };
  }
  degrees(x, y) {
    const base = L.CRS.EPSG3857.project(this.origin);
    return L.CRS.EPSG3857.unproject(L.point(base.x + x, base.y + y));
  }

  /* ---- drawing ---- */

  touch(...layers) {
    for (const layer of layers) this.dirty.add(layer);
    if (!this.waiting) this.waiting = requestAnimationFrame(() => this.frame());
  }

  frame() {
    this.waiting = 0;
    if (!this.look || !this.origin) return;
    const began = performance.now(), view = this.view(), size = this.map.getSize();
    const width = Math.round(size.x * view.ratio), height = Math.round(size.y * view.ratio);
    if (!width || !height) return;
    for (const pen of [this.groundPen, this.pointPen, this.topPen]) {
      if (pen.canvas.width !== width || pen.canvas.height !== height) {
        pen.canvas.width = width;
        pen.canvas.height = height;
        this.dirty.add('ground').add('points').add('top');
      }
    }
    if (this.dirty.has('ground')) this.ground.draw(this.groundPen, view, this.look, this.map.getZoom(), this.show.fine);
    if (this.dirty.has('points')) this.drawPoints(view, width, height);
    if (this.dirty.has('top')) this.drawTop(view, width, height);
    this.dirty.clear();
    this.cost = performance.now() - began;
    const crowded = this.raster.dense && this.show.points;
    if (crowded !== this.crowded) this.bridge.crowded(this.crowded = crowded);
    const sequence = this.sequence;
    if (sequence !== this.told) {
      this.told = sequence;
      this.beats(3, () => this.bridge.painted(sequence, this.cost));
    }
  }

  /* Call after `count` more frames. Each changes a pixel that nobody sees: a frame with a change can only follow
     when the one before it has left the renderer, so the picture is really out when the last of them begins. */
  beats(count, call) {
    requestAnimationFrame(() => {
      this.beat.style.opacity = this.beat.style.opacity === '0.01' ? '0.02' : '0.01';
      if (count > 1) this.beats(count - 1, call);
      else setTimeout(call, 0);
    });
  }

  drawPoints(view, width, height) {
    if (!this.show.points) { this.pointPen.clearRect(0, 0, width, height); return; }
    this.raster.resize(width, height, view.ratio);
    this.raster.draw(this.points, view, this.look, this.show.density);
    this.pointPen.putImageData(this.raster.image, -MARGIN, -MARGIN);
  }

  drawTop(view, width, height) {
    const pen = this.topPen;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);  // from here on in pixels of the page
    pen.font = `500 ${14 * this.look.unit}px "Noto Sans CJK SC", "Microsoft YaHei", "Source Han Sans SC", sans-serif`;
    if (!this.ground.spots.length && this.raster.crowd) this.ground.settle(pen, view, this.raster, this.look.unit);
    this.drawLines(pen, view);
    this.ground.names(pen, view, this.look, this.raster.dense && this.show.points);  // over the lines, to be read
    const slot = this.chosen;
    if (slot < 0 || slot >= this.points.size || this.points.style[slot] & HIDDEN) return;
    const at = this.pixel(slot);
    const circle = (radius, wide, colour) => {
      pen.lineWidth = wide;
      pen.strokeStyle = colour;
      pen.beginPath();
      pen.arc(Math.floor(at.x) + 0.5, Math.floor(at.y) + 0.5, radius, 0, 2 * Math.PI);
      pen.stroke();
    };
    pen.fillStyle = this.look.grades[this.points.style[slot] & 7];
    pen.beginPath();
    pen.arc(Math.floor(at.x) + 0.5, Math.floor(at.y) + 0.5, 3.6 * this.look.unit, 0, 2 * Math.PI);
    if (this.raster.dense) pen.fill();  // the density picture does not show every case by itself
    circle(11 * this.look.unit, 6 * this.look.unit, this.look.halo);
    circle(11 * this.look.unit, 2.5 * this.look.unit, this.look.ring);
  }

  /* From a unit to the place it is called to: dashed until it is there, with a mark where it checked in. */
  drawLines(pen, view) {
    const { unit } = this.look;
    const across = (mx) => (mx * view.scale + view.x) / view.ratio, down = (my) => (view.y - my * view.scale) / view.ratio;
    for (const { x1, y1, x2, y2, colour, there } of this.drawn) {
      const x = across(x2), y = down(y2);
      pen.setLineDash(there ? [] : [7 * unit, 6 * unit]);
      for (const [stroke, wide] of [[this.look.halo, 5], [colour, 2.2]]) {
        pen.strokeStyle = stroke;
        pen.lineWidth = wide * unit;
        pen.beginPath();
        pen.moveTo(across(x1), down(y1));
        pen.lineTo(x, y);
        pen.stroke();
      }
      pen.setLineDash([]);
      if (!there) continue;
      pen.beginPath();
      pen.arc(x, y, 5 * unit, 0, 2 * Math.PI);
      pen.fillStyle = colour;
      pen.fill();
      pen.strokeStyle = this.look.halo;
      pen.lineWidth = 1.5 * unit;
      pen.stroke();
    }
  }

  /* ---- pointing ---- */

  listen(box) {
    const { map } = this;
    map.on('click', (event) => {
      if (event.originalEvent.shiftKey) return;
      const slot = this.find(event.containerPoint);
      if (slot >= 0) this.bridge.clicked(slot);
    });
    let moved = null;
    map.on('mousemove', (event) => {
      if (!moved) requestAnimationFrame(() => { this.hover(moved); moved = null; });
      moved = event.containerPoint;
    });
    map.on('mouseout', () => this.hover(null));
    box.addEventListener('mousedown', (event) => {
      if (!event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      event.stopPropagation();
      this.drag(box, event);
    }, true);
    map.on('zoomstart', () => { this.fitted = false; });
  }

  find(at) {
    if (!this.show.points || !this.origin) return -1;
    const { x, y } = this.metres({ x: at.x - 0.5, y: at.y - 0.5 }), view = this.view(), metre = view.ratio / view.scale;
    return this.points.hit(x, y, (this.raster.radius + 1.5) * metre, (this.raster.radius + 5) * metre);
  }

  hover(at) {
    const slot = at ? this.find(at) : -1;
    if (slot === this.under) return;
    this.under = slot;
    this.map.getContainer().classList.toggle('cc-hit', slot >= 0);
    this.bridge.hovered(slot);
  }

  drag(box, began) {
    const frame = document.createElement('div');
    frame.className = 'cc-box';
    frame.style.border = `1.5px solid ${this.look.ring}`;
    frame.style.background = `${this.look.ring}22`;
    box.append(frame);
    const edge = box.getBoundingClientRect();
    const from = { x: began.clientX - edge.left, y: began.clientY - edge.top };
    const rectangle = (event) => {
      const x = event.clientX - edge.left, y = event.clientY - edge.top;
      return { left: Math.min(from.x, x), top: Math.min(from.y, y), right: Math.max(from.x, x), bottom: Math.max(from.y, y) };
    };
    const move = (event) => {
      const { left, top, right, bottom } = rectangle(event);
      Object.assign(frame.style, { left: `${left}px`, top: `${top}px`, width: `${right - left}px`, height: `${bottom - top}px` });
    };
    const stop = (event) => {
      document.removeEventListener('mousemove', move, true);
      document.removeEventListener('mouseup', stop, true);
      frame.remove();
      const { left, top, right, bottom } = rectangle(event);
      if (right - left < 3 || bottom - top < 3 || !this.show.points) return;
      const low = this.metres({ x: left, y: bottom }), high = this.metres({ x: right, y: top });
      this.bridge.boxed(this.points.inside(low.x, low.y, high.x, high.y).join(','));
    };
    document.addEventListener('mousemove', move, true);
    document.addEventListener('mouseup', stop, true);
  }
}

/* Called by the folium page once its map exists. */
function startCaseLayer(map) {
  const layer = new CaseLayer(map);
  window.cases = layer;
  new QWebChannel(qt.webChannelTransport, (channel) => {
    layer.bridge = channel.objects.desk;
    layer.bridge.ready();
  });
}
