package gmm_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"contrastcheck/gmm"
)

// A cost is allowed up to the limit; beyond, the refusal names the limit that allows it.
func TestAllows(t *testing.T) {
	for _, c := range []struct {
		limit gmm.Limit
		cost  gmm.Cost
		want  string
	}{
		{1, gmm.Cost{Seconds: 60, Bytes: 4e9}, ""},
		{1, gmm.Cost{Seconds: 61}, "expected work of at most 60 s and 4 GB; --limit 2 allows this, found sums: about 61 s and 0 MB"},
		{2, gmm.Cost{Seconds: 61}, ""},
		{2, gmm.Cost{Bytes: 8.1e9}, "expected work of at most 120 s and 8 GB; --limit 3 allows this, found sums: about 0 s and 8.1 GB"},
		{1, gmm.Cost{Seconds: 9e5, Bytes: 1.5e12}, "expected work of at most 60 s and 4 GB; --limit 15000 allows this, found sums: about 10 days and 1.5 TB"},
		{1, gmm.Cost{Seconds: math.Inf(1)}, "found sums: about"},
	} {
		err := c.limit.Allows("file", "sums", c.cost)
		if c.want == "" {
			if err != nil {
				t.Errorf("%v at %v: %v", c.cost, c.limit, err)
			}
			continue
		}
		if !errors.Is(err, gmm.ErrCost) || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "file: ") {
			t.Errorf("%v at %v: %v, want …%s", c.cost, c.limit, err, c.want)
		}
	}
}

// The limit that a refusal names is enough.
func TestTheNamedLimitIsEnough(t *testing.T) {
	for _, cost := range []gmm.Cost{{Seconds: 61}, {Seconds: 7200, Bytes: 1e10}, {Bytes: 1.4e13}} {
		var enough float64
		text := gmm.Limit(1).Allows("", "", cost).Error()
		if _, err := fmt.Sscanf(text[strings.Index(text, "--limit"):], "--limit %g allows", &enough); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if err := gmm.Limit(enough).Allows("", "", cost); err != nil {
			t.Errorf("%v is refused with the limit that was named: %v", cost, err)
		}
	}
}

// Files of a few hundred kilobytes that stand for more memory than there is are refused once their shape is
// known; a larger limit would take them.
func TestReadRefusesWhatIsTooLarge(t *testing.T) {
	ones := func(n int) string { return strings.TrimSuffix(strings.Repeat("1,", n), ",") }
	identities := strings.TrimSuffix(strings.Repeat(`"identity",`, 1000), ",")
	means := strings.TrimSuffix(strings.Repeat("["+ones(300)+"],", 1000), ",")
	for name, text := range map[string]string{
		"one mean of 100,000 coordinates": `{"weights": [1], "means": [[` + ones(100_000) + `]], "covariance": "identity"}`,
		"1,000 covariances of 300×300":    `{"weights": [` + ones(1000) + `], "means": [` + means + `], "covariance": [` + identities + `]}`,
		"a text side of 50,000 coordinates": `{"weights": [1], "visual": {"means": [[1]], "covariance": "identity"},
			"text": {"means": [[` + ones(50_000) + `]], "covariance": "identity"}}`,
	} {
		_, err := gmm.Read("file.json", strings.NewReader(text))
		var refusal *gmm.InputError
		if !errors.Is(err, gmm.ErrCost) || !errors.As(err, &refusal) || refusal.Source != "file.json" || !strings.Contains(refusal.Line(), "--limit") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := gmm.Read("file", strings.NewReader(`{"weights": [1], "means": [[`+ones(300)+`]], "covariance": "identity"}`)); err != nil {
		t.Errorf("300 coordinates: %v", err)
	}
	if _, err := gmm.Limit(1e-6).Read("file", strings.NewReader(`{"weights": [1], "means": [[`+ones(300)+`]], "covariance": "identity"}`)); !errors.Is(err, gmm.ErrCost) {
		t.Errorf("300 coordinates with a limit of 1e-6: %v", err)
	}
}

// endless is a file without an end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func TestReadRefusesAnEndlessFile(t *testing.T) {
	const small = 1e-3 // half a megabyte
	if _, err := gmm.Limit(small).Read("pipe", endless{}); !errors.Is(err, gmm.ErrCost) {
		t.Error(err)
	}
}

// Columns of the Gram matrix of many components cost no more than they hold.
func TestExactGramColumns(t *testing.T) {
	var weights, means []string
	for k := range 8000 {
		weights, means = append(weights, "1"), append(means, fmt.Sprintf("[0, %d]", k%97-40))
	}
	text := fmt.Sprintf(`{"weights": [%s], "means": [%s], "covariance": [[1, 0], [0, "1/2"]]}`, strings.Join(weights, ","), strings.Join(means, ","))
	file, err := gmm.Read("file", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	columns, basis := file.Pairs.Left.ExactGramColumns()
	if len(columns) != 8000 || len(basis) != 1 || basis[0] != 0 {
		t.Fatalf("%d rows, basis %v", len(columns), basis)
	}
	for k, row := range columns {
		if want := int64(2 * (k%97 - 40) * -40); len(row) != 1 || !row[0].IsInt() || row[0].Num().Int64() != want {
			t.Fatalf("entry %d is %v, want %d", k, row, want)
		}
	}
}
