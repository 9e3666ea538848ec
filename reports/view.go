package reports

import (
	"fmt"
	"strings"
)

// unfinished tells that the run ended before it was done with the claim, and nothing
// refuted it until then.
func (c Claim) unfinished() bool { return !c.Complete && c.Found != "refuted" }

// Unexpected tells that the outcome is another than the recorded one. Of an interrupted run
// only a refutation can be that.
func (c Claim) Unexpected() bool {
	if !c.Complete {
		return c.Found == "refuted" && c.Recorded != "refuted"
	}
	return !c.AsRecorded
}

// Shown is what was found, or "not finished".
func (c Claim) Shown() string {
	if c.unfinished() {
		return "not finished"
	}
	return c.Found
}

// Verdict is the report in a sentence.
func (r Results) Verdict() string {
	unexpected := 0
	for _, c := range r.Claims {
		if c.Unexpected() {
			unexpected++
		}
	}
	expected := "each as recorded"
	switch {
	case unexpected > 0:
		expected = fmt.Sprintf("%d NOT as recorded", unexpected)
	case !r.Complete:
		expected = "none other than recorded until then"
	}
	return fmt.Sprintf("%s: %s; %s.", counted(len(r.Claims), "claim"), counts(r.Claims), expected)
}

// counts says how many claims hold, and how many do not.
func counts(claims []Claim) string {
	found := map[string]int{}
	for _, c := range claims {
		found[c.Shown()]++
	}
	var parts []string
	for _, v := range []struct{ found, one, many string }{{"holds", "holds", "hold"}, {"refuted", "is refuted", "are refuted"}, {"undecided", "is undecided", "are undecided"}, {"not finished", "is not finished", "are not finished"}} {
		if n := found[v.found]; n == 1 {
			parts = append(parts, "1 "+v.one)
		} else if n > 1 {
			parts = append(parts, fmt.Sprintf("%d %s", n, v.many))
		}
	}
	return strings.Join(parts, ", ")
}

// Again says what the command of a counterexample does.
func (c Counterexample) Again() string {
	if strings.Contains(c.Command, c.File) {
		return "Check it, in the report’s folder:"
	}
	return "It is found again by:"
}

// Decided tells how many cases led to the verdict, in words.
func (c Claim) Decided() string {
	text := fmt.Sprintf("%s drawn: %d held, %d refuted the claim, %d undecided.", counted(c.Cases, "random case"), c.Holds, c.Refuted, c.Undecided)
	if c.Stored > 0 {
		text += fmt.Sprintf(" Stored counterexamples that refute it still: %d of %d.", c.Replayed, c.Stored)
	}
	return text
}

// Extreme is the least favourable value with its measure.
func (c Claim) Extreme() string {
	if !c.Worst.Known() {
		return "–"
	}
	unit := ""
	if c.Measure == "angle" {
		unit = "°"
	}
	return c.Measure + " " + c.Worst.String() + unit
}

// String writes the mean and its standard error, where that shows.
func (e Estimate) String() string {
	if !e.Mean.Known() {
		return "–"
	}
	text := strings.Replace(fmt.Sprintf("%.3g", float64(e.Mean)), "-", "−", 1)
	if strings.Contains(text, "e") {
		text = e.Mean.String()
	}
	if e.StandardError.Known() && float64(e.StandardError) > 0 {
		text += " ± " + strings.Replace(fmt.Sprintf("%.2g", float64(e.StandardError)), "e-", "e−", 1)
	}
	return text
}

// Reproduce is the command that makes the report anew.
func (r Results) Reproduce() string {
	command := "contrastcheck report --out report"
	if r.Run.Effort == Quick.Name {
		command += " --quick"
	}
	if r.Run.Selected != nil {
		command += " --claims " + strings.Join(r.Run.Selected, ",")
	}
	return fmt.Sprintf("%s --seed %d", command, r.Run.Seed)
}

// glossary explains the words of the report.
func glossary() [][2]string {
	return [][2]string{
		{"holds, refuted, undecided", "A case is decided only where the errors, as sure as the grade says, allow no other verdict; else it is undecided. An inequality holds where it does within its errors; a defect, where it is below a threshold of the claim, 10⁻⁸ for containment; a z-score, up to 6. A claim is refuted by one counterexample. It is said to hold where every random case does; a few may be undecided."},
		{"recorded", "The outcome that is known; a run that finds another shows a defect of the program, or news."},
		{"proved", "Interval arithmetic and exact rationals, with a certificate that can be checked anew."},
		{"bounded", "Float64, with an a-priori bound of every error."},
		{"estimated", "The solver's own error estimate, accepted after an independent random computation agreed with it that provably misses nothing far out; by the statistics of its replicates, its chance of error is about one in a million. Or a comparison with samples."},
		{"margin", "Negative where the claim fails. Of equality, the smallest eigenvalue on S_F of M_u, the whitened minimiser over all symmetric matrices; of the spectral loss, that of M*; of containment with own covariances, the bound of the error of the gradient that leaves S_F, less its size."},
		{"defect", "Part of the solution outside the subspace, with the bound of its error, relative to its size."},
		{"slack, |z|, difference, angle", "The amount by which an inequality holds, relative to its terms; a z-score; the largest difference of what should be equal; the largest principal angle in degrees."},
	}
}

// Bibliography is what to cite beside the report, in BibTeX.
func (r Results) Bibliography() string {
	return Bibliography(r.Program.Version, fmt.Sprintf("seed %d, %s report", r.Run.Seed, r.Run.Effort))
}

// Bibliography is the program, in a version and with a note unless that is empty, and the paper whose theorems it examines, in BibTeX.
func Bibliography(version, note string) string {
	if note != "" {
		note = fmt.Sprintf("  note    = {%s},\n", note)
	}
	return fmt.Sprintf(`@software{contrastcheck,
  author  = {{The contrastcheck authors}},
  title   = {contrastcheck: certified verdicts on contrastive learning of {G}aussian mixtures},
  version = {%s},
%s}
@misc{bansal2024understanding,
  author = {Bansal, Parikshit and Kavis, Ali and Sanghavi, Sujay},
  title  = {Understanding Contrastive Learning via {G}aussian Mixture Models},
  eprint = {2411.03517}, archivePrefix = {arXiv},
}`, version, note)
}
