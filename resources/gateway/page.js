// Makes the form kinder; it works without. A report that finds no network is sent again with the same key, so that it is
// registered once however often it is sent. What is typed stays in this tab until it is sent.
"use strict";
(() => {
  const form = document.getElementById("report");
  const problem = document.getElementById("problem");
  const said = document.getElementById("said");
  const send = document.getElementById("send");
  const photos = document.getElementById("photos");
  const photosSaid = document.getElementById("photos-said");
  const most = Number(photos.dataset.most);
  const LONGEST = 2000;
  const KEPT = ["key", "content", "place", "category", "lat", "lon"];
  const slot = "report " + form.elements.code.value;
  let waiting = 0;
  let busy = false;

  const remember = () => {
    const kept = Object.fromEntries(KEPT.map((name) => [name, form.elements[name].value]));
    try { sessionStorage.setItem(slot, JSON.stringify(kept)); } catch { /* private mode: then it is not kept */ }
  };
  const forget = () => { try { sessionStorage.removeItem(slot); } catch { /* nothing was kept */ } };
  const recall = () => {
    try { return JSON.parse(sessionStorage.getItem(slot) || "null"); } catch { return null; }
  };
  const kept = recall();
  if (kept && kept.content && !form.elements.content.value) {
    for (const name of KEPT) if (kept[name]) form.elements[name].value = kept[name];
  }
  form.addEventListener("input", remember);

  const fail = (words, field) => {
    problem.textContent = words;
    problem.hidden = false;
    said.textContent = "";
    (field || send).focus();
    problem.scrollIntoView({ block: "nearest" });
  };

  if ("geolocation" in navigator && window.isSecureContext) {
    const button = document.getElementById("locate-button");
    const where = document.getElementById("locate-said");
    document.getElementById("locate").hidden = false;
    button.addEventListener("click", () => {
      where.textContent = "正在定位…";
      navigator.geolocation.getCurrentPosition((found) => {
        form.elements.lat.value = found.coords.latitude.toFixed(6);
        form.elements.lon.value = found.coords.longitude.toFixed(6);
        where.textContent = "已定位，误差约 " + Math.round(found.coords.accuracy) + " 米";
        remember();
      }, () => { where.textContent = "没有定到位置，请写明地点"; }, { enableHighAccuracy: true, timeout: 15000 });
    });
  }

  // Drawn and not linked to: the policy lets no picture in but our own.
  const show = async () => {
    const shown = document.getElementById("photos-shown");
    const drawn = [];
    for (const file of [...photos.files].slice(0, most)) {
      try {
        const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
        const canvas = document.createElement("canvas");
        canvas.width = canvas.height = 240;
        const side = Math.min(picture.width, picture.height);
        canvas.getContext("2d").drawImage(picture, (picture.width - side) / 2, (picture.height - side) / 2, side, side, 0, 0, 240, 240);
        picture.close();
        drawn.push(canvas);
      } catch { /* the gateway says what is wrong with it */ }
    }
    shown.replaceChildren(...drawn);
    shown.hidden = !drawn.length;
  };

  photos.addEventListener("change", () => {
    const count = photos.files.length;
    show();
    photosSaid.textContent = count > most ? "选了 " + count + " 张，只能传 " + most + " 张" : count ? "已选 " + count + " 张" : "";
    photos.setAttribute("aria-invalid", String(count > most));
  });

  // Smaller before it is sent: a photo of 8 MB takes minutes on a weak network.
  const smaller = async (file) => {
    if (!window.createImageBitmap || file.size < 400000) return file;
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      picture.close();
      const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
      return made && made.size < file.size ? new File([made], "photo.jpg", { type: "image/jpeg" }) : file;
    } catch {
      return file; // the gateway says what is wrong with it
    }
  };

  const later = (seconds, words) => {
    clearTimeout(waiting);
    said.textContent = words + "，" + seconds + " 秒后自动再试。内容还在，请不要关闭页面。";
    waiting = setTimeout(deliver, seconds * 1000);
  };

  const deliver = async () => {
    if (busy) return;
    busy = true;
    clearTimeout(waiting);
    problem.hidden = true;
    send.setAttribute("aria-disabled", "true"); // not disabled: that would throw the focus away
    said.textContent = "正在提交…";
    try {
      const data = new FormData(form);
      data.delete("photos");
      for (const file of photos.files) data.append("photos", await smaller(file));
      const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" } });
      if (answer.status === 503) {
        later(Number(answer.headers.get("Retry-After")) || 10, "系统暂时不能登记");
        return;
      }
      const found = await answer.json();
      if (answer.ok) {
        forget();
        said.textContent = found.number ? "已登记，编号 " + found.number : "已收到";
        location.assign(found.url);
        return;
      }
      fail(found.error);
    } catch {
      later(10, "没有网络");
    } finally {
      busy = false;
      send.removeAttribute("aria-disabled");
    }
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (photos.files.length > most) fail("照片最多 " + most + " 张。", photos);
    else deliver();
  });
  window.addEventListener("online", () => { if (waiting) deliver(); });
})();
