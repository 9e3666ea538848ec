package cli

import (
	"fmt"
	"strings"

	"contrastcheck/comparison/bootstrap"
	"contrastcheck/internal/answer"

	"github.com/jedib0t/go-pretty/v6/table"
)

// resampled is how often what came out of resamples of a table's rows: the block "bootstrap".
type resampled struct {
	Resamples   int               `json:"resamples"`
	Singular    int               `json:"singular"`
	Redrawn     int               `json:"redrawn"`
	Equality    counts            `json:"equality"`
	OnlyTheMean int               `json:"only_the_mean"`
	Directions  each[[]occurring] `json:"directions"`
	WorstPair   each[worstPair]   `json:"worst_pair"`
}

// counts are those of a verdict.
type counts struct {
	Holds     int `json:"holds"`
	Refuted   int `json:"refuted"`
	Undecided int `json:"undecided"`
}

// occurring are directions, and in how many resamples.
type occurring struct {
	directions
	Resamples int `json:"resamples"`
}

// worstPair tells of the pairs that keep the least part of their distance.
type worstPair struct {
	Mahalanobis     spread     `json:"mahalanobis"`
	MahalanobisKept spread     `json:"mahalanobis_kept"`
	Pairs           []pairOnce `json:"pairs"`
}

// spread are quantiles.
type spread struct {
	Low    number `json:"low"`
	Median number `json:"median"`
	High   number `json:"high"`
}

// pairOnce is a pair of components, counted from 1, and in how many resamples it was the worst.
type pairOnce struct {
	Components [2]int   `json:"components"`
	Names      []string `json:"names,omitempty"`
	Resamples  int      `json:"resamples"`
}

// newResampled writes one reading.
func newResampled(r bootstrap.Result, reading int, classes []string) *resampled {
	t := r.Readings[reading]
	out := &resampled{Resamples: r.Resamples, Singular: r.Singular, Redrawn: r.Redrawn,
		Equality: counts{t.Holds, t.Refuted, t.Undecided}, OnlyTheMean: t.OnlyTheMean}
	of := func(q bootstrap.Quantiles) spread { return spread{number(q.Low), number(q.Median), number(q.High)} }
	for _, s := range t.Sides {
		all, worst := []occurring{}, worstPair{of(s.Worst.Mahalanobis), of(s.Worst.Kept), []pairOnce{}}
		for _, d := range s.Directions {
			all = append(all, occurring{directions(d.Directions), d.Resamples})
		}
		for _, p := range s.Worst.Pairs {
			worst.Pairs = append(worst.Pairs, pairOnce{[2]int{p.First + 1, p.Second + 1}, []string{classes[p.First], classes[p.Second]}, p.Resamples})
		}
		out.Directions, out.WorstPair = append(out.Directions, all), append(out.WorstPair, worst)
	}
	return out
}

// text writes a table of shares, and what they mean; a quiet text is the table alone. Of nil there is none.
func (r *resampled) text(b *strings.Builder, s solution, quiet bool) {
	if r == nil {
		return
	}
	decided := r.Resamples - r.Singular
	b.WriteString("\nBootstrap, " + count(r.Resamples, "resample") + " of the rows")
	if r.Singular > 0 {
		fmt.Fprintf(b, ", of which %d have a singular covariance and no verdict", r.Singular)
	}
	b.WriteString("\n\n")
	if decided == 0 {
		b.WriteString("None has a verdict: --shrinkage auto makes covariances positive definite.\n")
		return
	}
	share := func(n int) string {
		shown := fmt.Sprintf("%.3g %%", 100*float64(n)/float64(decided))
		if n < decided && shown == "100 %" {
			return "more than 99.9 %"
		}
		return shown
	}
	t := plainTable()
	row := func(name, text string) { t.AppendRow(table.Row{name, text}) }
	var verdicts []string
	for _, v := range []struct {
		word  string
		times int
	}{{"holds", r.Equality.Holds}, {"refuted", r.Equality.Refuted}, {"undecided", r.Equality.Undecided}} {
		if v.times > 0 {
			verdicts = append(verdicts, v.word+" in "+share(v.times))
		}
	}
	row("Equality", strings.Join(verdicts, ", "))
	for i := range r.Directions {
		of := ""
		if len(r.Directions) == 2 {
			of = [2]string{", visual", ", text"}[i]
		}
		var parts []string
		for _, d := range r.Directions[i] {
			parts = append(parts, d.String()+" in "+share(d.Resamples))
		}
		row("Directions"+of, some(parts))
		if worst := r.WorstPair[i]; len(worst.Pairs) > 0 {
			p := worst.Pairs[0]
			first, second := names(answer.PairEffect{Components: p.Components, Names: p.Names})
			row("Worst pair"+of, fmt.Sprintf("keeps %v of %v standard deviations; it is %s and %s in %s", worst.MahalanobisKept, worst.Mahalanobis, first, second, share(p.Resamples)))
		}
	}
	if r.OnlyTheMean > 0 {
		row("Only the mean", "lost for certain in "+share(r.OnlyTheMean))
	}
	b.WriteString(t.Render() + "\n")
	if quiet {
		return
	}
	fmt.Fprintf(b, "\n%s: about so often would other rows of the same kind say so. The bounds ± above are errors of the computation on these very rows, and tell nothing of others.", r.agreement(s, share))
	if r.Redrawn > 0 {
		fmt.Fprintf(b, " %s missed a class and had to be repeated: some class has few rows.", count(r.Redrawn, "draw"))
	}
	b.WriteString("\n")
}

// agreement says how many resamples have the table's own verdict.
func (r *resampled) agreement(s solution, share func(int) string) string {
	verdict := s.Findings.Equality().String()
	same := map[string]int{"holds": r.Equality.Holds, "refuted": r.Equality.Refuted, "undecided": r.Equality.Undecided}[verdict]
	how := "is " + verdict
	if verdict == "holds" {
		how = verdict
	}
	return fmt.Sprintf("Equality %s of the table, and of %s of the resamples", how, share(same))
}

// String is the median, and the quantiles that 95 % lie between.
func (s spread) String() string { return fmt.Sprintf("%v (%v to %v)", s.Median, s.Low, s.High) }

// some joins the first parts, and says how many more there are.
func some(parts []string) string {
	const most = 4
	shown := strings.Join(parts[:min(most, len(parts))], "; ")
	if more := len(parts) - most; more > 0 {
		shown += fmt.Sprintf("; %d more outcomes", more)
	}
	return shown
}
