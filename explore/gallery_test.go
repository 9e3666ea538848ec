package explore_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"

	"contrastcheck/explore"
	"contrastcheck/gmm"
	"contrastcheck/theorems"
)

var update = flag.Bool("update", false, "write the gallery anew")

// shown are the claims whose stored counterexamples the gallery has, in its order, with the options by which the page may show them, of which the first is taken that does.
var shown = []struct {
	claim   string
	options []map[string]string
}{
	{"equality", plain}, {"equality-centred", plain}, {"equality-biased", plain},
	{"negatives-equality", negatives("infonce", "1", "4", "16")}, {"negatives-equality-centred", negatives("infonce", "1", "4", "16", "256")},
	{"sigmoid-equality", negatives("sigmoid", "1", "4")}, {"sigmoid-equality-centred", negatives("sigmoid", "1", "4", "16", "64")},
	{"dv-equality", []map[string]string{{"loss": "dv"}}}, {"affine-equality", []map[string]string{{"map": "affine"}}}, {"distance-equality-biased", []map[string]string{{"score": "distance"}}},
	{"containment-own-covariance", plain},
}

var plain = []map[string]string{nil}

func negatives(loss string, all ...string) (options []map[string]string) {
	for _, n := range all {
		options = append(options, map[string]string{"loss": loss, "negatives": n})
	}
	return options
}

// exhibits are all that the gallery may have, without options.
func exhibits(t *testing.T, claim string) (all []explore.Exhibit) {
	claims, err := theorems.Find(claim)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range theorems.Stored(claim) {
		var file bytes.Buffer
		if err := gmm.Write(&file, gmm.Document{Pairs: c.Case.Pairs}); err != nil {
			t.Fatal(err)
		}
		_, name, _ := strings.Cut(c.Name, "_")
		_, name, _ = strings.Cut(name, "-")
		all = append(all, explore.Exhibit{Name: strings.ReplaceAll(name, "-", " "), Sentence: "Refutes: " + claims[0].Statement, Mixture: bytes.TrimSpace(file.Bytes())})
	}
	return all
}

// refuted tells whether the page's answer is a refutation.
func refuted(t *testing.T, e explore.Exhibit) bool {
	options, err := json.Marshal(e.Options)
	if err != nil {
		t.Fatal(err)
	}
	body := `{"options": ` + strings.Replace(string(options), "null", "{}", 1) + "," + strings.TrimSpace(string(e.Mixture))[1:]
	var s struct {
		Containment struct{ Verdict string }
		Equality    *struct{ Verdict string }
	}
	answered(t, explore.Answer, body, &s)
	return s.Containment.Verdict == "refuted" || s.Equality != nil && s.Equality.Verdict == "refuted"
}

// The gallery has the stored counterexamples, each with what it refutes and with options by which the page's answer is that.
func TestGoldenGallery(t *testing.T) {
	t.Parallel()
	if *update {
		var all []explore.Exhibit
		for _, s := range shown {
			for _, e := range exhibits(t, s.claim) {
				for _, e.Options = range s.options {
					if refuted(t, e) {
						all = append(all, e)
						break
					}
				}
			}
		}
		text, err := json.MarshalIndent(all, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("gallery.json", append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	var found []explore.Exhibit
	answered(t, explore.Gallery, "", &found)
	for _, s := range shown {
		first := len(found)
		for _, e := range exhibits(t, s.claim) {
			var mixture bytes.Buffer
			if len(found) == 0 || json.Compact(&mixture, found[0].Mixture) != nil || found[0].Name != e.Name || found[0].Sentence != e.Sentence || !bytes.Equal(mixture.Bytes(), e.Mixture) {
				continue
			}
			const quick = 200 // few components in the plane; what takes longer was judged when it was written
			if e.Options = found[0].Options; len(e.Mixture) < quick && !refuted(t, e) {
				t.Errorf("%s: the answer to %+v is no refutation", e.Name, e.Options)
			}
			found = found[1:]
		}
		if len(found) == first {
			t.Errorf("the gallery has no counterexample to %s, in the order of claims: run go generate", s.claim)
		}
	}
	if len(found) > 0 {
		t.Errorf("the gallery has %d that are not stored, from %s on: run go generate", len(found), found[0].Name)
	}
}
