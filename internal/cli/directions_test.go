package cli_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"contrastcheck/internal/cli"
)

// altered writes a table of the project's own data with every feature changed: column by column, given the values and their floating-point mean.
func altered(t *testing.T, name, label string, change func(x, mean float64) string) string {
	t.Helper()
	f, err := os.Open("../../testdata/" + name + ".csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for c, header := range records[0] {
		if header == label {
			continue
		}
		var mean float64
		values := make([]float64, len(records))
		for i, record := range records[1:] {
			if values[i+1], err = strconv.ParseFloat(record[c], 64); err != nil {
				t.Fatal(err)
			}
			mean += values[i+1]
		}
		mean /= float64(len(records) - 1)
		for i := range records[1:] {
			records[i+1][c] = change(values[i+1], mean)
		}
	}
	path := filepath.Join(t.TempDir(), name+".csv")
	var b bytes.Buffer
	_ = csv.NewWriter(&b).WriteAll(records) // into memory
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func solvedText(t *testing.T, args ...string) string {
	t.Helper()
	var out, errors bytes.Buffer
	if code := cli.Run(append([]string{"solve"}, args...), strings.NewReader(""), &out, &errors); code != 0 {
		t.Fatalf("%v: exit code %d, %s", args, code, &errors)
	}
	return out.String()
}

var tablesWithLabels = [][2]string{{"iris", "species"}, {"wine", "cultivar"}, {"breast_cancer", "diagnosis"}}

// Data that were centred in floating point have a direction of pure rounding: it is found lost, and named for what it is.
func TestSolveOfDataCentredInFloatingPoint(t *testing.T) {
	keeps := map[string]string{
		"iris":          "The optimal representation keeps everything that separates the classes; the third direction is the mean itself.",
		"wine":          "The optimal representation keeps everything that separates the classes; the third direction is the mean itself.",
		"breast_cancer": "The optimal representation keeps 1 of the 2 directions of S_F.",
	}
	for _, of := range tablesWithLabels {
		path := altered(t, of[0], of[1], func(x, mean float64) string { return strconv.FormatFloat(x-mean, 'g', -1, 64) })
		text := solvedText(t, "--data", path, "--label", of[1])
		for _, want := range []string{
			"REFUTED  of M_u with lengths of ", keeps[of[0]],
			"Among them is one direction, along which the means are no longer than rounding makes them, ",
			" standard deviations: the verdict is about the numbers as they are given; if they were centred in floating point, --centre centres them exactly.",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: expected %q in\n%s", of[0], want, text)
			}
		}
		centred := solvedText(t, "--data", path, "--label", of[1], "--centre")
		if !strings.Contains(centred, "keeps everything that separates the classes: ") || strings.Contains(centred, "Among them") {
			t.Errorf("%s, centred exactly:\n%s", of[0], centred)
		}
	}
}

// An offset of all features, near or far, leaves a verdict.
func TestSolveOfDataWithAnOffset(t *testing.T) {
	for _, of := range tablesWithLabels {
		for _, offset := range []float64{10, 1e6, 1e8} {
			path := altered(t, of[0], of[1], func(x, _ float64) string { return strconv.FormatFloat(x+offset, 'f', -1, 64) })
			text := solvedText(t, "--data", path, "--label", of[1])
			want := map[string]string{"iris": "REFUTED", "wine": "HOLDS", "breast_cancer": "REFUTED"}[of[0]]
			if !strings.Contains(text, "Equality     Col(A*) = S_F  "+want) {
				t.Errorf("%s + %g: expected %s in\n%s", of[0], offset, want, text)
			}
			kept := map[string]string{"iris": "2 kept, 1 lost", "wine": "3 kept", "breast_cancer": "1 kept, 1 lost"}[of[0]]
			if offset < 1e7 && !strings.Contains(text, kept) {
				t.Errorf("%s + %g: expected %s in\n%s", of[0], offset, kept, text)
			}
		}
	}
}
