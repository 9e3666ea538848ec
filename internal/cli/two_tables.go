package cli

import (
	"contrastcheck/gmm"
	"contrastcheck/tables"
)

// second fits a mixture to the table that --text names, which has the samples of first.
func (i *input) second(s *session, first *tables.Table, shrinkage tables.Shrinkage) (*gmm.Mixture, error) {
	t, done, err := i.samples(s, i.Text, first)
	if err == nil {
		err = first.Matches(t)
	}
	if err != nil {
		return nil, err
	}
	if !done.changed() && i.Shrinkage == nil && !i.own() {
		return (*preparation)(nil).fit(t, shrinkage, i.sampled)
	}
	done.shrunk, done.auto = i.Shrinkage != nil, shrinkage.Auto()
	if i.preparation == nil {
		i.preparation = &preparation{Dropped: []string{}}
	}
	i.preparation.Text = done
	return done.fit(t, shrinkage, i.sampled)
}
