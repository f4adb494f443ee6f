'use strict';
/* The ground under the points (sea, towns, finer outlines) and the names above them. */

const FINE_FROM = { community: 11.5, grid: 13.5 };  // zoom from which finer outlines are drawn

class Ground {
  constructor() { this.areas = []; this.fills = {}; this.counts = {}; this.spots = []; }

  /* Where single cases cannot be told apart, the name carries the true count. */
  text(area, counted) {
    const count = this.counts[area.id];
    return counted && count ? `${area.name} ${count.toLocaleString('en-US')}` : area.name;
  }

  load(areas) {
    this.areas = areas.map((area) => {
      const path = new Path2D();
      const box = { west: Infinity, south: Infinity, east: -Infinity, north: -Infinity };
      for (const ring of area.rings) {
        for (let k = 0; k < ring.length; k += 2) {
          const x = ring[k], y = ring[k + 1];
          if (k) path.lineTo(x, -y); else path.moveTo(x, -y);
          if (x < box.west) box.west = x;
          if (x > box.east) box.east = x;
          if (y < box.south) box.south = y;
          if (y > box.north) box.north = y;
        }
        path.closePath();
      }
      return { ...area, path, box };
    });
    this.spots = [];
  }

  box() {
    const found = { west: Infinity, south: Infinity, east: -Infinity, north: -Infinity };
    for (const { box } of this.areas) {
      found.west = Math.min(found.west, box.west);
      found.south = Math.min(found.south, box.south);
      found.east = Math.max(found.east, box.east);
      found.north = Math.max(found.north, box.north);
    }
    return this.areas.length ? found : null;
  }

  draw(pen, view, look, zoom, fine) {
    const { width, height } = pen.canvas;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.fillStyle = look.sea;
    pen.fillRect(0, 0, width, height);
    pen.setTransform(view.scale, 0, 0, view.scale, view.x, view.y);
    pen.lineJoin = 'round';
    const unit = view.ratio / view.scale;
    const seen = this.areas.filter(({ box }) => box.east * view.scale + view.x > 0 && box.west * view.scale + view.x < width &&
      view.y - box.south * view.scale > 0 && view.y - box.north * view.scale < height);
    const level = (name) => seen.filter((area) => area.level === name);
    for (const area of [...level('county'), ...level('town')]) {
      const fill = area.level === 'county' ? look.land : this.fills[area.id] ?? look.land;
      pen.fillStyle = fill;
      pen.fill(area.path, 'evenodd');
    }
    const stroke = (areas, colour, wide) => {
      pen.strokeStyle = colour;
      pen.lineWidth = wide * unit;
      for (const area of areas) pen.stroke(area.path);
    };
    if (fine && zoom >= FINE_FROM.grid) stroke(level('grid'), look.fine, 0.7);
    if (fine && zoom >= FINE_FROM.community) stroke(level('community'), look.fine, 1);
    stroke(level('town'), look.edge, 1);
    stroke(level('county'), look.coast, 1.3);
  }

  /* Choose, for each town, the place for its name that covers fewest points and no other name. */
  settle(pen, view, raster, unit) {
    const { ratio } = view, placed = [];
    this.spots = [];
    for (const area of this.areas) {
      if (!area.places.length) continue;
      const wide = pen.measureText(this.text(area, raster.dense)).width + 6, high = 18 * unit;
      let best = null, least = Infinity;
      area.places.forEach(([mx, my], rank) => {
        const x = (mx * view.scale + view.x) / ratio, y = (view.y - my * view.scale) / ratio;
        const left = x - wide / 2, top = y - high / 2;
        let cost = rank * 0.6 + 3 * raster.count(left, top, wide, high);
        for (const other of placed) {
          if (left < other.left + other.wide && other.left < left + wide && top < other.top + high && other.top < top + high) cost += 1e4;
        }
        if (cost < least) { least = cost; best = { area, mx, my, left, top, wide }; }
      });
      if (least >= 1e4) continue;
      placed.push(best);
      this.spots.push(best);
    }
  }

  names(pen, view, look, counted) {
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    pen.lineJoin = 'round';
    for (const { area, mx, my } of this.spots) {
      const name = this.text(area, counted);
      const x = (mx * view.scale + view.x) / view.ratio, y = (view.y - my * view.scale) / view.ratio;
      pen.strokeStyle = look.halo;
      pen.globalAlpha = 0.85;
      pen.lineWidth = 3.5;
      pen.strokeText(name, x, y);
      pen.globalAlpha = 1;
      pen.fillStyle = look.label;
      pen.fillText(name, x, y);
    }
  }
}
