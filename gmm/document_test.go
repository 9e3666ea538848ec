package gmm_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/big"
	"strings"
	"testing"

	"contrastcheck/gmm"

	"github.com/google/go-cmp/cmp"
)

const (
	soundPaired = `{"weights": [2, 3], "visual": {"means": [[1, "0.5"], [-1, 0]], "covariance": "identity"},
		"text": {"means": [["1/3", 1, 0], [0, 0, 1]], "covariance": [[1, 0, 0], [0, 2, "0.5"], [0, 0.5, 1]]},
		"name": "n", "a_visual": [[0.5], [0.25]], "a_text": [[0.25], [-0.5], [0.125]]}`
	soundGeneral = `{"weights": [1, 2], "means": [[2, 0], [-1, 0]], "covariance": [[[1, "4/5"], ["4/5", 1]], [[1, -0.4], [-0.4, 1]]],
		"delta": 0.5, "name": "n", "a": [["0.5"], [0.25]]}`
)

func TestReadTellsTheKind(t *testing.T) {
	for _, c := range []struct {
		text       string
		shared     bool
		modalities int
		want       string
	}{
		{sound, true, 1, "Pairs{Mixture{weights 3:7, means (2, 1) (-1, 0.5), covariance identity}, δ = 1}"},
		{soundPaired, true, 2, "Paired{visual Mixture{weights 2:3, means (1, 0.5) (-1, 0), covariance identity}, " +
			"text Mixture{weights 2:3, means (1/3, 1, 0) (0, 0, 1), covariance (1, 0, 0) (0, 2, 0.5) (0, 0.5, 1)}}"},
		{soundGeneral, false, 1, "GeneralPairs{General{weights 1:2, means (2, 0) (-1, 0), covariances [(1, 0.8) (0.8, 1)] [(1, -0.4) (-0.4, 1)]}, δ = 0.5}"},
		// K = d: two rows of two numbers are one matrix, two matrices are two.
		{`{"weights": [1, 1], "means": [[1, 0], [0, 1]], "covariance": [[1, 0], [0, 1]]}`, true, 1,
			"Pairs{Mixture{weights 1:1, means (1, 0) (0, 1), covariance identity}, δ = 1}"},
		{`{"weights": [1, 1], "means": [[1, 0], [0, 1]], "covariance": [[[1, 0], [0, 1]], [[1, 0], [0, 1]]]}`, false, 1,
			"GeneralPairs{General{weights 1:1, means (1, 0) (0, 1), covariances [identity] [identity]}, δ = 1}"},
		{`{"weights": [1, 1], "means": [[1], [2]], "covariance": ["identity", [[2]]]}`, false, 1,
			"GeneralPairs{General{weights 1:1, means (1) (2), covariances [identity] [(2)]}, δ = 1}"},
	} {
		d, err := gmm.Read("m.json", strings.NewReader(c.text))
		if err != nil {
			t.Fatal(err)
		}
		if p := d.Pairs; p.Shared() != c.shared || p.Modalities() != c.modalities || p.GoString() != c.want {
			t.Errorf("%s is read as %v, %#v, want %s", c.text, p.Model(), p, c.want)
		}
	}
}

func TestReadKeepsRepresentations(t *testing.T) {
	paired, err := gmm.Read("m.json", strings.NewReader(soundPaired))
	if err != nil {
		t.Fatal(err)
	}
	general, err := gmm.Read("m.json", strings.NewReader(soundGeneral))
	if err != nil {
		t.Fatal(err)
	}
	if paired.A.At(1, 0) != 0.25 || paired.ARight.At(2, 0) != 0.125 || paired.Pairs.Name() != "n" {
		t.Errorf("read %v, %v and the name %q", paired.A, paired.ARight, paired.Pairs.Name())
	}
	if general.A.At(1, 0) != 0.25 || general.ARight != nil || general.Pairs.Name() != "n" {
		t.Errorf("read %v and the name %q", general.A, general.Pairs.Name())
	}
}

func TestReadKeepsTheRepresentationExactly(t *testing.T) {
	d, err := gmm.Read("m.json", strings.NewReader(strings.Replace(sound, `[["0.5"], [0.25]]`, `[["1/3"], [0.1]]`, 1)))
	if err != nil {
		t.Fatal(err)
	}
	if third, tenth := d.ExactA[0][0], d.ExactA[1][0]; third.RatString() != "1/3" || tenth.RatString() != "1/10" || d.A.At(1, 0) != 0.1 {
		t.Errorf("read %v and %v, rounded to %v", third, tenth, d.A)
	}
	bare, err := gmm.Read("m.json", strings.NewReader(strings.Replace(sound, `, "a": [["0.5"], [0.25]]`, "", 1)))
	if err != nil || bare.ExactA != nil || bare.A != nil {
		t.Errorf("read %v and %v, %v from a file without a representation", bare.ExactA, bare.A, err)
	}
}

func TestTheoriesRefuseOtherModels(t *testing.T) {
	for text, expected := range map[string]string{
		sound:        "<nil>",
		soundPaired:  "gmm: visual: expected a single mixture, found a paired file",
		soundGeneral: "gmm: covariance: expected one covariance shared by all components, found one for each component",
	} {
		err := read(t, text).WantSingle()
		if fmt.Sprint(err) != expected || err != nil && !errors.Is(err, gmm.ErrOtherModel) {
			t.Errorf("%s: %v, want %s", text, err, expected)
		}
	}
	paired := read(t, soundPaired)
	half, err := paired.WithDelta(big.NewRat(1, 2))
	if err != nil {
		t.Fatal(err)
	}
	if err := paired.WantCertain(); err != nil {
		t.Error(err)
	}
	for _, p := range []gmm.Pairs{half, paired.Apart()} {
		if err := p.WantCertain(); !errors.Is(err, gmm.ErrOtherModel) {
			t.Errorf("%#v: %v, want ErrOtherModel", p, err)
		}
		if err := gmm.Write(io.Discard, gmm.Document{Pairs: p}); !errors.Is(err, gmm.ErrOtherModel) {
			t.Errorf("%#v is written, %v, though no file can hold it", p, err)
		}
	}
}

// badFile is a sound file with a part replaced, and what its refusal must say.
type badFile struct {
	name, old, by string
	reason        error
	key           string
}

func refuses(t *testing.T, sound string, files []badFile) {
	t.Helper()
	for _, c := range files {
		if !strings.Contains(sound, c.old) {
			t.Fatalf("%s: %q is not part of the sound file", c.name, c.old)
		}
		_, err := gmm.Read("m.json", strings.NewReader(strings.Replace(sound, c.old, c.by, 1)))
		if !errors.Is(err, c.reason) {
			t.Errorf("%s: %v, want %v", c.name, err, c.reason)
			continue
		}
		if line := err.Error(); !strings.HasPrefix(line, "gmm: m.json: "+c.key) || !strings.Contains(line, "expected ") || strings.Contains(line, "\n") {
			t.Errorf("%s: the message is %q, want one line that names the file, %q and what was expected", c.name, line, c.key)
		}
	}
}

func TestReadRefusesBadPairedFiles(t *testing.T) {
	refuses(t, soundPaired, []badFile{
		{"δ, which is no key", `"name": "n"`, `"delta": 1`, gmm.ErrSyntax, "delta: expected one of the keys"},
		{"a single representation", `"name": "n"`, `"a": [[1]]`, gmm.ErrSyntax, "a: "},
		{"top-level means", `"name": "n"`, `"means": [[1]]`, gmm.ErrSyntax, "means: "},
		{"unknown key inside", `"visual": {`, `"visual": {"weights": [1], `, gmm.ErrSyntax, "visual.weights: "},
		{"duplicate key inside", `"visual": {`, `"visual": {"means": [[1]], `, gmm.ErrSyntax, "visual.means: "},
		{"duplicate modality", `"name": "n"`, `"text": {}`, gmm.ErrSyntax, "text: "},
		{"null", `"name": "n"`, `"name": null`, gmm.ErrSyntax, "name: "},
		{"null inside", `"means": [[1, "0.5"], [-1, 0]]`, `"means": null`, gmm.ErrSyntax, "visual.means: "},
		{"boolean inside", `[-1, 0]`, `[true, 0]`, gmm.ErrSyntax, "visual.means[1][0]: "},
		{"trailing data", `[0.125]]}`, `[0.125]]} []`, gmm.ErrSyntax, "expected nothing after"},
		{"truncated", `[0.125]]}`, `[0.1`, gmm.ErrSyntax, "a_text"},
		{"not UTF-8", `"n"`, "\"\xff\"", gmm.ErrSyntax, "expected UTF-8"},
		{"a certificate inside", `"visual": {`, `"visual": {"certificate": 1, `, gmm.ErrSyntax, "visual.certificate: "},
		{"NaN", `"1/3"`, `NaN`, gmm.ErrSyntax, "text.means"},
		{"NaN string", `"1/3"`, `"NaN"`, gmm.ErrNumber, "text.means[0][0]: "},
		{"zero denominator", `"1/3"`, `"1/0"`, gmm.ErrNumber, "text.means[0][0]: "},
		{"infinity", `"1/3"`, `1e999`, gmm.ErrNumber, "text.means[0][0]: "},
		{"no weights", `"weights": [2, 3], `, ``, gmm.ErrShape, "weights: "},
		{"K = 0", `[2, 3]`, `[]`, gmm.ErrShape, "weights: "},
		{"zero weight", `[2, 3]`, `[2, 0]`, gmm.ErrWeight, "weights[1]: "},
		{"negative weight", `[2, 3]`, `[-2, 3]`, gmm.ErrWeight, "weights[0]: "},
		{"one weight too many", `[2, 3]`, `[2, 3, 1]`, gmm.ErrShape, "visual.means: "},
		{"one text mean too few", `, [0, 0, 1]]`, `]`, gmm.ErrShape, "text.means: "},
		{"ragged means", `[0, 0, 1]`, `[0, 1]`, gmm.ErrShape, "text.means[1]: "},
		{"modality no object", `{"means": [[1, "0.5"], [-1, 0]], "covariance": "identity"}`, `[1]`, gmm.ErrShape, "visual: "},
		{"modality missing", `"visual": {"means": [[1, "0.5"], [-1, 0]], "covariance": "identity"},`, ``, gmm.ErrShape, "visual: expected an object with the keys"},
		{"no covariance", `, "covariance": "identity"`, ``, gmm.ErrShape, "visual.covariance: "},
		{"covariance word", `"identity"`, `"unit"`, gmm.ErrShape, "visual.covariance: "},
		{"covariance too small", `"identity"`, `[[1]]`, gmm.ErrShape, "visual.covariance: "},
		{"own covariances", `"identity"`, `["identity", "identity"]`, gmm.ErrOtherModel, "visual.covariance: "},
		{"not symmetric", `[0, 0.5, 1]`, `[0, 0.4, 1]`, gmm.ErrNotSymmetric, "text.covariance[2][1]: "},
		{"indefinite", `[0, 2, "0.5"], [0, 0.5, 1]`, `[0, 2, 3], [0, 3, 1]`, gmm.ErrNotPositiveDefinite, "text.covariance: "},
		{"zero variance", `"identity"`, `[[0, 0], [0, 1]]`, gmm.ErrNotPositiveDefinite, "visual.covariance[0][0]: "},
		{"name no string", `"n"`, `5`, gmm.ErrShape, "name: "},
		{"a_visual of wrong height", `[[0.5], [0.25]]`, `[[0.5]]`, gmm.ErrShape, "a_visual: "},
		{"a_text ragged", `[-0.5]`, `[-0.5, 1]`, gmm.ErrShape, "a_text[1]: "},
		{"different columns", `[[0.5], [0.25]]`, `[[0.5, 1], [0.25, 1]]`, gmm.ErrShape, "a_text: "},
		{"a_text missing", `, "a_text": [[0.25], [-0.5], [0.125]]`, ``, gmm.ErrShape, "a_text: "},
		{"a_visual missing", `"a_visual": [[0.5], [0.25]], `, ``, gmm.ErrShape, "a_visual: "},
	})
}

func TestReadRefusesBadGeneralFiles(t *testing.T) {
	const first, second = `[[1, "4/5"], ["4/5", 1]]`, `[[1, -0.4], [-0.4, 1]]`
	refuses(t, soundGeneral, []badFile{
		{"unknown key", `"name"`, `"nmae"`, gmm.ErrSyntax, "nmae: "},
		{"duplicate key", `"name": "n"`, `"delta": 1`, gmm.ErrSyntax, "delta: "},
		{"null matrix", second, `null`, gmm.ErrSyntax, "covariance[1]: "},
		{"boolean", second, `[[true, 0], [0, 1]]`, gmm.ErrSyntax, "covariance[1][0][0]: "},
		{"trailing data", `[0.25]]}`, `[0.25]]} 1`, gmm.ErrSyntax, "expected nothing after"},
		{"K = 0", `[1, 2]`, `[]`, gmm.ErrShape, "weights: "},
		{"zero weight", `[1, 2]`, `[0, 2]`, gmm.ErrWeight, "weights[0]: "},
		{"too few means", `, [-1, 0]`, ``, gmm.ErrShape, "means: "},
		{"ragged means", `[-1, 0]`, `[-1]`, gmm.ErrShape, "means[1]: "},
		{"too few matrices", `, ` + second, ``, gmm.ErrShape, "covariance: "},
		{"too many matrices", second, second + `, "identity"`, gmm.ErrShape, "covariance: "},
		{"a number for a matrix", second, `1`, gmm.ErrShape, "covariance[1]: "},
		{"an empty matrix", second, `[]`, gmm.ErrShape, "covariance[1]: "},
		{"another word", second, `"unit"`, gmm.ErrShape, "covariance[1]: "},
		{"an object", second, `{}`, gmm.ErrShape, "covariance[1]: "},
		{"a row for a matrix", second, `[1, 0]`, gmm.ErrShape, "covariance[1][0]: "},
		{"too deep", second, `[[[1], 0], [0, 1]]`, gmm.ErrNumber, "covariance[1][0][0]: "},
		{"too small", second, `[[1]]`, gmm.ErrShape, "covariance[1]: "},
		{"ragged", second, `[[1, 0], [0]]`, gmm.ErrShape, "covariance[1][1]: "},
		{"zero denominator", `"4/5"`, `"4/0"`, gmm.ErrNumber, "covariance[0][0][1]: "},
		{"NaN string", `-0.4`, `"NaN"`, gmm.ErrNumber, "covariance[1][0][1]: "},
		{"not symmetric", first, `[[1, 0.8], [0.7, 1]]`, gmm.ErrNotSymmetric, "covariance[0][1][0]: "},
		{"one indefinite, the average not", second, `[[1, 1.01], [1.01, 1]]`, gmm.ErrNotPositiveDefinite, "covariance[1]: "},
		{"one singular, the average not", second, `[[1, 1], [1, 1]]`, gmm.ErrNotPositiveDefinite, "covariance[1]: "},
		{"zero variance", second, `[[1, 0], [0, 0]]`, gmm.ErrNotPositiveDefinite, "covariance[1][1][1]: "},
		{"δ above 1", `0.5, "name"`, `2, "name"`, gmm.ErrDelta, "delta: "},
		{"a of wrong height", `[["0.5"], [0.25]]`, `[[1]]`, gmm.ErrShape, "a: "},
		{"a key of paired files", `"name": "n"`, `"a_text": [[1]]`, gmm.ErrSyntax, "a_text: "},
	})
}

func TestWriteRoundTrips(t *testing.T) {
	for _, text := range []string{sound, soundPaired, soundGeneral,
		`{"weights": ["1/3", "0.1"], "means": [["1/7"], [2]], "covariance": [["1e-3"]], "delta": "1/3", "certificate": {"any": ["thing"]}}`,
		`{"weights": ["1/3", "0.1"], "means": [["1/7"], [2]], "covariance": [[["1e-3"]], "identity"], "delta": "1/3", "certificate": {"any": [null]}}`,
		`{"weights": ["1/7"], "visual": {"means": [["1/3"]], "covariance": "identity"}, "text": {"means": [[0]], "covariance": [["2/3"]]}, "certificate": null}`,
	} {
		first, err := gmm.Read("first", strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		var written bytes.Buffer
		if err := gmm.Write(&written, first); err != nil {
			t.Fatal(err)
		}
		second, err := gmm.Read("second", bytes.NewReader(written.Bytes()))
		if err != nil {
			t.Fatalf("%v in %s", err, written.String())
		}
		if first.Pairs.Name() != second.Pairs.Name() {
			t.Errorf("%q became %q", first.Pairs.Name(), second.Pairs.Name())
		}
		if diff := cmp.Diff(first.Pairs.GoString(), second.Pairs.GoString()); diff != "" {
			t.Error(diff)
		}
		if (first.ARight == nil) != (second.ARight == nil) || (first.A == nil) != (second.A == nil) {
			t.Errorf("a representation was lost or made in %s", written.String())
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, text := range []string{sound, soundPaired, soundGeneral, `{"weights":[1],"means":[[0]],"covariance":"identity"}`,
		`{"weights":[1,1],"means":[["1/3",2],[1e-3,0]],"covariance":[[2,1],[1,2]],"delta":"1/2"}`, `{"weights":[1],"means":[[0]],"covariance":["identity"]}`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := gmm.Read("fuzz", bytes.NewReader(text))
		if err != nil {
			var input *gmm.InputError
			if !errors.As(err, &input) || input.Expected == "" || input.Source != "fuzz" {
				t.Fatalf("%v is not an InputError that names the file and says what was expected", err)
			}
			return
		}
		var written bytes.Buffer
		if err := gmm.Write(&written, d); err != nil {
			t.Fatal(err)
		}
	})
}
