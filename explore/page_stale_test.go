//go:build attack

package explore_test

import (
	"strings"
	"testing"
)

// late has the server's answers to questions of a kind come later, in ms, as on a busy machine.
func (w *window) late(kind string, ms string) {
	w.Helper()
	see[any](w, `(() => { const at = fetch; self.fetch = async (...all) => { if (String(all[0]).endsWith("`+kind+`")) await new Promise(done => setTimeout(done, `+ms+`)); return at(...all); }; })(); 0`)
}

// typed puts a text into what a selector finds, as people do.
func (w *window) typed(selector, text string) {
	w.Helper()
	see[any](w, `(() => { const e = document.querySelector(`+string(mustJSON(selector))+`); e.value = `+string(mustJSON(text))+`; e.dispatchEvent(new Event("change")); })(); 0`)
}

// What is shown of an earlier mixture while an answer takes long says so.
func TestEarlierVerdictIsMarked(t *testing.T) {
	w := open(t, chromium(t), served(t)+outlier, light)
	w.until(`!document.getElementById("reading").classList.contains("stale")`)
	w.late("answer", "3000")
	w.typed(`[aria-label="Mean 1 of component 1"]`, "1")
	w.until(`document.getElementById("reading").classList.contains("stale")`)
	if head := w.text("verdict"); !strings.Contains(head, "lost") {
		t.Errorf("the earlier verdict is gone: %q", head)
	}
	w.until(`/kept/.test(document.getElementById("verdict").textContent)`)
	if see[bool](w, `document.getElementById("reading").classList.contains("stale")`) {
		t.Error("the answer itself is marked as an earlier one")
	}
}

// Why an earlier mixture had no answer is not said of a later one.
func TestEarlierFailureIsForgotten(t *testing.T) {
	w := open(t, chromium(t), served(t)+outlier, light)
	w.late("answer", "700")
	see[any](w, `location.hash = "w=-1,3&m=2,0;0,1"; setTimeout(() => { location.hash = "w=1,3&m=2,0;0,1"; }, 200); 0`)
	w.until(`location.hash.startsWith("#w=1,3") && performance.getEntriesByName("answer").length > 1`) // failures are not among these
	if said := see[string](w, `document.getElementById("failure").hidden ? "" : document.getElementById("failure").textContent`); said != "" {
		t.Errorf("beside a verdict stands %q", said)
	}
}

// What is proved of an earlier mixture, or loss, is not said of a later one.
func TestEarlierProofIsForgotten(t *testing.T) {
	w := open(t, chromium(t), served(t)+"#w=1,3&m=2,0;0,1", light)
	w.settled()
	w.click("prove")
	w.until(`/refuted/.test(document.getElementById("proof-said").textContent)`)
	w.typed("#loss", "agreement")
	w.until(`document.getElementById("proof-said").textContent === "" && document.getElementById("save-certificate").disabled`)
	w.typed("#loss", "infonce")
	w.settled()
	w.late("prove", "1500")
	w.click("prove")
	w.typed(`[aria-label="Mean 1 of component 1"]`, "3")
	see[any](w, `new Promise(done => setTimeout(done, 2500))`)
	if said := w.text("proof-said"); said != "" && said != "Cancelled." {
		t.Errorf("of another mixture it says %q", said)
	}
}

// A map of an earlier mixture says so, and does not lie under the plane.
func TestEarlierMapIsMarked(t *testing.T) {
	w := open(t, chromium(t), served(t)+outlier, light)
	w.until(`/cells/.test(document.getElementById("map-said").textContent)`)
	w.click("keep-map")
	w.until(`document.querySelector("#plane image")`)
	w.typed(`[aria-label="Mean 1 of component 2"]`, "7")
	w.until(`document.getElementById("chart").classList.contains("stale") && !document.querySelector("#plane image")`)
	w.typed(`[aria-label="Mean 1 of component 2"]`, "8")
	w.until(`!document.getElementById("chart").classList.contains("stale") && document.querySelector("#plane image")`)
}

// Names of classes may have commas.
func TestNamesInTheAddress(t *testing.T) {
	const named = `#w=1,3&m=2,0;0,1&k=red%5C,+green,blue`
	w := open(t, chromium(t), served(t)+strings.ReplaceAll(named, "+", "%20"), light)
	w.until(`document.getElementById("effect-sentence").textContent.startsWith("red, green and blue")`)
	w.settled()
	other := open(t, chromium(t), see[string](w, `location.href`), light)
	other.until(`document.getElementById("effect-sentence").textContent.startsWith("red, green and blue")`)
}

// A file keeps every digit; what its reader would refuse is refused.
func TestFileIsOpenedExactly(t *testing.T) {
	address := served(t)
	w := open(t, chromium(t), address, light)
	opened := func(file string) {
		see[any](w, `(() => { const all = new DataTransfer(), e = document.getElementById("open"); all.items.add(new File([`+string(mustJSON(file))+`], "m.json")); e.files = all.files; e.dispatchEvent(new Event("change")); })(); 0`)
	}
	opened(`{"name": "1 \"2\" 3", "weights": [1, 3], "means": [[0.12345678901234567891, 0], [0, 1]], "covariance": ["identity", [[2, 0], [0, 1]]]}`)
	w.until(`location.hash.includes("m=0.12345678901234567891,0;0,1&c=1,0;0,1|2,0;0,1")`)
	if name := w.text("name"); name != `1 "2" 3` {
		t.Errorf("its name is %q", name)
	}
	for file, said := range map[string]string{
		`{"weights": [1, 3], "means": [[1, 0], [0, 1]]}`:                                     "covariance",
		`{"weights": [1, 3], "means": [["a", 0], [0, 1]], "covariance": "identity"}`:         "found a",
		`{"weights": [1, 3], "means": [[1, 0], [0]], "covariance": "identity"}`:              "means of equal length",
		`{"weights": [1, 3], "means": [[1, 0], [0, 1]], "covariance": [[1, 0], [0, "x/2"]]}`: "found x/2",
	} {
		opened(file)
		w.until(`document.getElementById("failure").textContent.includes("` + said + `")`)
	}
	w.quiet(address)
}

// A loss that is clicked in the table is asked about as in the table.
func TestLossOfTheTable(t *testing.T) {
	w := open(t, chromium(t), served(t)+"#w=1,3&m=2,0;0,1&loss=sigmoid&n=1&b=-2", light)
	w.until(`document.querySelectorAll("#losses-table tbody tr").length > 3 && !document.getElementById("losses-table").classList.contains("stale")`)
	if see[bool](w, `!!document.querySelector("#losses-table tr.chosen")`) {
		t.Error("a row is marked, whose bias is another")
	}
	see[any](w, `[...document.querySelectorAll("#losses-table tbody button")].find(b => b.textContent === "sigmoid").click(); 0`)
	w.until(`document.getElementById("bias").value === "free" && document.querySelector("#losses-table tr.chosen")`)
}

// A minus sign as the page writes it, and spaces about a fraction's stroke, are taken.
func TestNumbersAsPeopleWriteThem(t *testing.T) {
	w := open(t, chromium(t), served(t)+outlier, light)
	w.typed(`[aria-label="Mean 1 of component 3"]`, "−1 / 3")
	w.until(`location.hash.includes(";-1/3,-1/10")`)
	w.agrees(see[string](w, `location.hash`))
}

// A proof that is stopped takes no other question of its worker with it.
func TestStoppedProofLeavesLosses(t *testing.T) {
	address, _ := files(t)
	w := open(t, chromium(t), address+"#w=1,3&m=2,0;0,1", light)
	w.until(`document.querySelectorAll("#losses-table tbody tr").length > 3 && !document.getElementById("losses-table").classList.contains("stale")`)
	// A proof that does not end, and a table of losses that waits for it.
	see[any](w, `(() => { const at = Worker.prototype.postMessage; Worker.prototype.postMessage = function (message) {
		if (message.question === "prove") return; if (message.question === "losses") return void setTimeout(() => at.call(this, message), 1000); at.call(this, message) } })(); 0`)
	w.typed(`[aria-label="Mean 1 of component 1"]`, "3")
	see[any](w, `new Promise(done => { setTimeout(() => document.getElementById("prove").click(), 300); setTimeout(() => { document.getElementById("stop-proof").click(); done(0); }, 600); })`)
	w.until(`!document.getElementById("losses-table").classList.contains("stale")`)
}
