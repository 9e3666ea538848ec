(* The expectation by iterated integrals in the coordinates of the plane is one along every unit vector: the normal law is invariant under rotations. *)
From Coq Require Import Reals Lra Psatz.
From Coquelicot Require Import Coquelicot.
From Contrast Require Import Plane Moderate Gaussian Line Improper Model Fubini.
Open Scope R_scope.

(* Functions of one coordinate. *)
Lemma lift h p : moderate1 h -> moderate (fun z => h (dot p z)).
Proof.
  intros (C & a & HC & Ha & H). pose proof (size_ge_0 p) as S. exists (C * size p), (a * size p). repeat split; try nra.
  intros x y. eapply Rle_trans; [apply H|]. pose proof (dot_size p x). pose proof (dot_size p y). pose proof (dot_size p (minus x y)) as M.
  rewrite dot_minus in M. pose proof (size_ge_0 (minus x y)).
  replace (C * size p * exp (a * size p * (size x + size y)) * size (minus x y)) with (C * exp (a * size p * (size x + size y)) * (size p * size (minus x y))) by ring.
  apply Rmult_le_compat; [pose proof (exp_pos (a * (Rabs (dot p x) + Rabs (dot p y)))); nra|apply Rabs_pos| |exact M].
  apply Rmult_le_compat_l; [exact HC|]. apply exp_le. rewrite Rmult_assoc. apply Rmult_le_compat_l; [exact Ha|]. lra.
Qed.

Lemma moderate1_bell : moderate1 bell.
Proof.
  exists 1, 1. repeat split; try lra. intros s t. unfold bell.
  eapply Rle_trans; [apply (exp_lipschitz (- s ^ 2 / 2) (- t ^ 2 / 2) 0); nra|]. rewrite exp_0.
  replace (- s ^ 2 / 2 - - t ^ 2 / 2) with (- ((s + t) / 2) * (s - t)) by field. rewrite Rabs_mult, !Rmult_1_l.
  apply Rmult_le_compat_r; [apply Rabs_pos|]. rewrite Rabs_Ropp. unfold Rdiv. rewrite Rabs_mult, (Rabs_right (/ 2)) by lra.
  pose proof (Rabs_triang s t). pose proof (exp_ineq1_le (Rabs s + Rabs t)). pose proof (Rabs_pos s). pose proof (Rabs_pos t). lra.
Qed.

Definition horizontal : point := (1, 0).
Lemma horizontal_unit : dot horizontal horizontal = 1.
Proof. unfold dot, horizontal; simpl; ring. Qed.

Section rotation.
Variables (c d : R) (h k : R -> R).
Hypothesis unit : c * c + d * d = 1.
Hypothesis Hh : moderate1 h.
Hypothesis Hk : moderate1 k.

(* h of the coordinate along (c, d) and k of that across it. *)
Definition both (z : point) := h (dot (c, d) z) * k (dot (d, - c) z).

Lemma moderate_both : moderate both.
Proof. apply moderate_mult; apply lift; assumption. Qed.

Lemma rotated_steep : d <> 0 -> whole (inside horizontal both) = whole h * whole k.
Proof.
  intros Hd. set (q := (- c / d, / d) : point).
  set (F := fun z => h (dot horizontal z) * bell (dot horizontal z) * (k (dot q z) * bell (dot q z))).
  assert (HF : moderate F).
  { apply moderate_mult; apply moderate_mult; apply lift; try assumption; apply moderate1_bell. }
  assert (Fu : forall u s, F (u, s) = h u * bell u * (k (/ d * s + - c * u / d) * bell (/ d * s + - c * u / d))).
  { intros u s. unfold F. replace (dot horizontal (u, s)) with u by (unfold dot, horizontal; simpl; ring).
    replace (dot q (u, s)) with (/ d * s + - c * u / d) by (unfold dot, q; simpl; field; exact Hd). reflexivity. }
  assert (Hi : / d <> 0) by (apply Rinv_neq_0_compat; exact Hd).
  assert (Pi : 0 < Rabs (/ d)) by (apply Rabs_pos_lt; exact Hi).
  destruct (decay_at 2 h ltac:(lra) Hh) as (D1 & HD1 & B1). destruct (decay k Hk) as (D2 & HD2 & B2).
  assert (Bd : forall u s, Rabs (F (u, s)) <= D1 * D2 * (exp (- Rabs u) * exp (- Rabs s))).
  { intros u s. rewrite Fu, Rabs_mult. set (v := / d * s + - c * u / d).
    apply Rle_trans with ((D1 * exp (- (2 * Rabs u))) * (D2 * exp (- Rabs v))).
    { apply Rmult_le_compat; try apply Rabs_pos; [apply B1|apply B2]. }
    replace (D1 * exp (- (2 * Rabs u)) * (D2 * exp (- Rabs v))) with (D1 * D2 * (exp (- (2 * Rabs u)) * exp (- Rabs v))) by ring.
    apply Rmult_le_compat_l; [nra|]. rewrite <- !exp_plus. apply exp_le.
    assert (E : s = d * v + c * u) by (unfold v; field; exact Hd).
    assert (Rabs s <= Rabs v + Rabs u); [|lra].
    rewrite E. eapply Rle_trans; [apply Rabs_triang|]. rewrite !Rabs_mult.
    assert (Rabs d <= 1) by (apply Rabs_le; nra). assert (Rabs c <= 1) by (apply Rabs_le; nra).
    pose proof (Rabs_pos v). pose proof (Rabs_pos u). nra. }
  set (A := fun u => whole k / Rabs (/ d) * (h u * bell u)). set (B := fun s => / Rabs (/ d) * (inside horizontal both s * bell s)).
  assert (LA : forall u, line (fun s => F (u, s)) (A u)).
  { intros u. pose proof (line_scal _ _ (h u * bell u) (affine_line _ _ (/ d) (- c * u / d) (whole_correct k Hk) Hi)) as L.
    replace (A u) with (h u * bell u * (whole k / Rabs (/ d))) by (unfold A; ring).
    refine (line_ext _ _ _ _ L). intros s. simpl. rewrite Fu. reflexivity. }
  assert (LB : forall s, line (fun u => F (u, s)) (B s)).
  { intros s.
    pose proof (whole_correct _ (moderate_inner horizontal both s moderate_both)) as W.
    pose proof (line_scal _ _ (bell s) (affine_line _ _ (/ d) (- c * s / d) W Hi)) as L.
    replace (B s) with (bell s * (whole (fun t => both (frame horizontal s t)) / Rabs (/ d))) by (unfold B, inside; field; lra).
    refine (line_ext _ _ _ _ L). intros u. simpl. rewrite Fu.
    set (t := / d * u + - c * s / d). set (v := / d * s + - c * u / d).
    assert (E1 : dot (c, d) (frame horizontal s t) = u).
    { unfold dot, frame, horizontal, turn, add, scale, t; simpl. transitivity (u + (c * s - c * s)); [field; exact Hd|ring]. }
    assert (E2 : dot (d, - c) (frame horizontal s t) = v).
    { unfold dot, frame, horizontal, turn, add, scale, t, v; simpl.
      replace (/ d * s + - c * u / d) with (/ d * s * (c * c + d * d) + - c * u / d) by (rewrite unit; ring). field. exact Hd. }
    unfold both. rewrite E1, E2.
    assert (E3 : bell s * bell t = bell u * bell v).
    { unfold bell. rewrite <- !exp_plus. f_equal. unfold t, v.
      replace (- s ^ 2 / 2) with (- (s ^ 2 * (c * c + d * d)) / 2) by (rewrite unit; field).
      replace (- u ^ 2 / 2) with (- (u ^ 2 * (c * c + d * d)) / 2) by (rewrite unit; field).
      assert (Q : s ^ 2 * (d * d) + (c * s) ^ 2 + (u - c * s) ^ 2 - (c * s) ^ 2 * 1 = s ^ 2 * (d * d) + (u - c * s) ^ 2) by ring.
      assert (U : d * d = 1 - c * c) by lra.
      apply (Rmult_eq_reg_r (d * d)); [|nra].
      transitivity (- (s ^ 2 * (c * c + d * d)) / 2 * (d * d) - (u - c * s) ^ 2 / 2); [field; exact Hd|].
      transitivity (- (u ^ 2 * (c * c + d * d)) / 2 * (d * d) - (s - c * u) ^ 2 / 2); [|field; exact Hd].
      rewrite !unit, !U. field. }
    transitivity (h u * k v * (bell s * bell t)); [ring|rewrite E3; ring]. }
  assert (Eq : whole k / Rabs (/ d) * whole h = / Rabs (/ d) * whole (inside horizontal both)).
  { apply (fubini_line F (D1 * D2) A B); try assumption; [nra| | | |].
    - intros u. apply (continuous_mult (K := R_AbsRing) (fun _ => whole k / Rabs (/ d)) (fun u => h u * bell u)); [apply continuous_const|apply integrand_continuous, Hh].
    - intros s. apply (continuous_mult (K := R_AbsRing) (fun _ => / Rabs (/ d)) (fun s => inside horizontal both s * bell s)); [apply continuous_const|apply integrand_continuous, moderate_outer, moderate_both].
    - exact (line_scal _ _ _ (whole_correct h Hh)).
    - exact (line_scal _ _ _ (whole_correct _ (moderate_outer horizontal both moderate_both))). }
  apply (Rmult_eq_reg_l (/ Rabs (/ d))); [|apply Rinv_neq_0_compat; lra]. rewrite <- Eq. field. lra.
Qed.

Lemma whole_flip g p : p * p = 1 -> moderate1 g -> whole (fun t => g (p * t)) = whole g.
Proof.
  intros Hp Hg. apply whole_unique.
  assert (Np : p <> 0) by nra.
  pose proof (affine_line _ _ p 0 (whole_correct g Hg) Np) as L.
  assert (Ap : Rabs p = 1). { rewrite <- (Rabs_right (Rabs p)) by (apply Rle_ge, Rabs_pos). pose proof (Rabs_pos p). assert (Rabs p * Rabs p = 1) by (rewrite <- Rabs_mult, Hp; apply Rabs_R1). rewrite Rabs_Rabsolu. nra. }
  rewrite Ap in L. replace (whole g / 1) with (whole g) in L by field.
  refine (line_ext _ _ _ _ L). intros t. simpl. rewrite Rplus_0_r. f_equal. unfold bell. f_equal.
  replace ((p * t) ^ 2) with (p * p * t ^ 2) by ring. rewrite Hp. field.
Qed.

Theorem rotated : whole (inside horizontal both) = whole h * whole k.
Proof.
  destruct (Req_dec d 0) as [Z|N]; [|apply rotated_steep; exact N].
  assert (Hc : c * c = 1) by (rewrite Z in unit; lra).
  assert (Hc' : - c * - c = 1) by lra.
  rewrite <- (whole_flip h c Hc Hh), <- (whole_flip k (- c) Hc' Hk).
  assert (F1 : forall g p, p * p = 1 -> moderate1 g -> moderate1 (fun t => g (p * t))).
  { intros g p Hp (C & a & HC & Ha & H). exists C, a. repeat split; try assumption. intros s t.
    assert (Ap : Rabs p = 1). { pose proof (Rabs_pos p). assert (Rabs p * Rabs p = 1) by (rewrite <- Rabs_mult, Hp; apply Rabs_R1). nra. }
    eapply Rle_trans; [apply H|]. replace (p * s - p * t) with (p * (s - t)) by ring. rewrite !Rabs_mult, Ap, !Rmult_1_l. apply Rle_refl. }
  pose proof (F1 h c Hc Hh) as M1. pose proof (F1 k (- c) Hc' Hk) as M2.
  rewrite (whole_ext (inside horizontal both) (fun s => whole (fun t => k (- c * t)) * h (c * s) + 0 * h (c * s))).
  - rewrite (whole_linear _ 0 (fun s => h (c * s)) (fun s => h (c * s))) by exact M1. ring.
  - intros s. unfold inside. rewrite (whole_ext _ (fun t => h (c * s) * k (- c * t) + 0 * k (- c * t))).
    + rewrite (whole_linear _ 0 (fun t => k (- c * t)) (fun t => k (- c * t))) by exact M2. ring.
    + intros t. unfold both.
      replace (dot (c, d) (frame horizontal s t)) with (c * s) by (rewrite Z; unfold dot, frame, horizontal, turn, add, scale; simpl; ring).
      replace (dot (d, - c) (frame horizontal s t)) with (- c * t) by (rewrite Z; unfold dot, frame, horizontal, turn, add, scale; simpl; ring).
      ring.
Qed.
End rotation.

(* E g(z) of a standard normal z. *)
Definition normal_mean (g : point -> R) := whole (fun s => whole (fun t => g (s, t))) / (bell_mass * bell_mass).

Lemma normal_planar : normal_mean = planar horizontal.
Proof.
  apply FunctionalExtensionality.functional_extensionality. intros g. unfold normal_mean, planar. f_equal.
  apply whole_ext. intros s. apply whole_ext. intros t. f_equal. unfold frame, horizontal, turn, add, scale; simpl; f_equal; ring.
Qed.

Definition standard (e : point) (He : dot e e = 1) : gaussian e.
Proof.
  pose proof mass_pos as P. set (G := iterated horizontal horizontal_unit).
  assert (U : fst e * fst e + snd e * snd e = 1) by exact He.
  refine {| mean := normal_mean |}; rewrite normal_planar.
  - exact (mean_one _ G).
  - exact (mean_linear _ G).
  - exact (mean_monotone _ G).
  - exact (mean_first _ G).
  - exact (mean_second _ G).
  - exact (mean_exp _ G).
  - intros h H. pose proof (restrict e He h H) as M.
    replace (bell_mass * planar horizontal (fun z => h (dot e z))) with (whole h); [apply whole_correct, M|].
    unfold planar.
    rewrite (whole_ext (inside horizontal (fun z => h (dot e z))) (inside horizontal (both (fst e) (snd e) h (fun _ => 1)))).
    + rewrite (rotated _ _ h (fun _ => 1) U M (moderate1_const 1)), whole_one. field. lra.
    + intros s. apply whole_ext. intros t. unfold both. rewrite Rmult_1_r. f_equal. 
  - intros h H. pose proof (restrict e He h H) as M. unfold planar.
    assert (Z : whole (inside horizontal (fun z => dot (turn e) z * h (dot e z))) = 0).
    { rewrite (whole_ext _ (fun s => -1 * inside horizontal (both (fst e) (snd e) h (fun t => t)) s + 0 * 1)).
      - assert (Mb : moderate1 (inside horizontal (both (fst e) (snd e) h (fun t => t)))).
        { apply moderate_outer. apply moderate_both; [exact M|apply moderate1_id]. }
        rewrite (whole_linear (-1) 0 _ (fun _ => 1) Mb (moderate1_const 1)).
        rewrite (rotated _ _ h (fun t => t) U M moderate1_id), whole_id. ring.
      - intros s. unfold inside.
        assert (Mi : moderate1 (fun t => both (fst e) (snd e) h (fun t => t) (frame horizontal s t))).
        { apply moderate_inner. apply moderate_both; [exact M|apply moderate1_id]. }
        rewrite <- (whole_ext (fun t => -1 * both (fst e) (snd e) h (fun t => t) (frame horizontal s t) + 0 * 1)).
        + rewrite (whole_linear (-1) 0 _ (fun _ => 1) Mi (moderate1_const 1)). ring.
        + intros t. unfold both. destruct e as [e1 e2]. unfold dot, turn; simpl. ring. }
    rewrite Z. unfold Rdiv. ring.
Defined.

Lemma standard_mean e He g : standard e He g = normal_mean g.
Proof. reflexivity. Qed.
