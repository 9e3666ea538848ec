(* Expectations as integrals over [-cut, cut], with what they leave out. *)
From Coq Require Import Reals Lra Lia Psatz.
From Coquelicot Require Import Coquelicot.
From Interval Require Import Tactic.
From Contrast Require Import Plane Moderate Gaussian InfoNCE Softmax Expectation Objective Refutation.
Open Scope R_scope.

Notation line f I := (is_RInt_gen f (Rbar_locally m_infty) (Rbar_locally p_infty) I).

Lemma bell_derive t : is_derive (fun s => - bell s) t (t * bell t).
Proof. unfold bell. auto_derive; [trivial|].
  replace (- (t * (t * 1)) * / 2) with (- t ^ 2 / 2) by (simpl; field). field. Qed.

Lemma bell_continuous t : continuous bell t.
Proof. apply (ex_derive_continuous (K := R_AbsRing) (V := R_NormedModule)). unfold bell. auto_derive. trivial. Qed.

Lemma bell_pos t : 0 < bell t.
Proof. apply exp_pos. Qed.

Lemma bell_integral a b : is_RInt (fun t => t * bell t) a b (bell a - bell b).
Proof.
  replace (bell a - bell b) with (Hierarchy.minus (- bell b) (- bell a)) by (unfold Hierarchy.minus, Hierarchy.plus, Hierarchy.opp; simpl; ring).
  apply is_RInt_derive with (f := fun s => - bell s).
  - intros; apply bell_derive.
  - intros t _. apply (continuous_mult (K := R_AbsRing) (fun t => t) bell); [apply continuous_id|apply bell_continuous].
Qed.

Section tail.
Variables (f : R -> R) (k c : R).
Hypothesis Hc : 0 < c.
Hypothesis Cf : forall t, continuous f t.
Hypothesis Hf : forall t, c <= Rabs t -> Rabs (f t) <= k * (Rabs t * bell t).

Lemma integrable a b : ex_RInt f a b.
Proof. apply (ex_RInt_continuous (V := R_CompleteNormedModule)). intros; apply Cf. Qed.

Lemma k_ge_0 : 0 <= k.
Proof.
  pose proof (Hf c ltac:(rewrite Rabs_right; lra)) as H. pose proof (Rabs_pos (f c)).
  pose proof (bell_pos c). rewrite (Rabs_right c) in H by lra.
  assert (0 < c * bell c) by (apply Rmult_lt_0_compat; assumption). nra.
Qed.

Lemma right_tail b : c <= b -> Rabs (RInt f c b) <= k * bell c.
Proof.
  intros Hb. pose proof k_ge_0.
  assert (I : is_RInt (fun t => k * (t * bell t)) c b (k * (bell c - bell b))).
  { apply (is_RInt_scal (V := R_NormedModule) (fun t => t * bell t) c b k). apply bell_integral. }
  apply Rle_trans with (RInt (fun t => k * (t * bell t)) c b).
  - apply (norm_RInt_le f (fun t => k * (t * bell t)) c b); [exact Hb| | |].
    + intros t Ht. eapply Rle_trans; [apply (Hf t)|]; rewrite ?Rabs_right; lra.
    + apply (RInt_correct (V := R_CompleteNormedModule)), integrable.
    + apply (RInt_correct (V := R_CompleteNormedModule)). eexists; exact I.
  - rewrite (is_RInt_unique _ _ _ _ I). pose proof (bell_pos b). nra.
Qed.

Lemma left_tail a : a <= - c -> Rabs (RInt f a (- c)) <= k * bell c.
Proof.
  intros Ha. pose proof k_ge_0.
  assert (I : is_RInt (fun t => - k * (t * bell t)) a (- c) (- k * (bell a - bell (- c)))).
  { apply (is_RInt_scal (V := R_NormedModule) (fun t => t * bell t) a (- c) (- k)). apply bell_integral. }
  apply Rle_trans with (RInt (fun t => - k * (t * bell t)) a (- c)).
  - apply (norm_RInt_le f (fun t => - k * (t * bell t)) a (- c)); [exact Ha| | |].
    + intros t Ht. eapply Rle_trans; [apply (Hf t)|]; rewrite ?Rabs_left; lra.
    + apply (RInt_correct (V := R_CompleteNormedModule)), integrable.
    + apply (RInt_correct (V := R_CompleteNormedModule)). eexists; exact I.
  - rewrite (is_RInt_unique _ _ _ _ I). pose proof (bell_pos a).
    replace (bell (- c)) with (bell c) by (unfold bell; f_equal; field). nra.
Qed.

Theorem cut_line I : line f I -> Rabs (I - RInt f (- c) c) <= 2 * (k * bell c).
Proof.
  intros H. apply le_epsilon. intros eps Heps.
  destruct (H (fun y => Rabs (y - I) < eps)) as [Q S HQ HS HQS].
  { exists (mkposreal eps Heps). intros y Hy. exact Hy. }
  destruct HQ as [qa Hqa]. destruct HS as [qb Hqb].
  set (a := Rmin (- c) (qa - 1)). set (b := Rmax c (qb + 1)).
  assert (Ha : a <= - c) by apply Rmin_l. assert (Hb : c <= b) by apply Rmax_l.
  destruct (HQS a b) as (y & Iy & Hy).
  { apply Hqa. unfold a. pose proof (Rmin_r (- c) (qa - 1)). lra. }
  { apply Hqb. unfold b. pose proof (Rmax_r c (qb + 1)). lra. }
  simpl in Iy. apply (is_RInt_unique (V := R_CompleteNormedModule)) in Iy.
  assert (E1 : RInt f a (- c) + RInt f (- c) c = RInt f a c).
  { apply (RInt_Chasles (V := R_CompleteNormedModule) f); apply integrable. }
  assert (E2 : RInt f a c + RInt f c b = RInt f a b).
  { apply (RInt_Chasles (V := R_CompleteNormedModule) f); apply integrable. }
  pose proof (left_tail a Ha) as L. pose proof (right_tail b Hb) as R.
  replace (I - RInt f (- c) c) with (- (y - I) + (RInt f a (- c) + RInt f c b)) by lra.
  eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_Ropp.
  pose proof (Rabs_triang (RInt f a (- c)) (RInt f c b)). lra.
Qed.
End tail.

Definition cut := 8.

Section component.
Variables (F : mixture) (e : point) (G : gaussian e) (M : sym) (nu : R).
Hypothesis HF : proper F.
Hypothesis He : dot e e = 1.
Hypothesis HM : apply M (minus (mu1 F) (mu2 F)) = scale nu e.

Lemma line_mass : line bell bell_mass.
Proof.
  replace bell_mass with (bell_mass * G (fun _ => 1)) by (rewrite mean_one; ring).
  apply is_RInt_gen_ext with (f := fun t => (fun _ => 1) t * bell t).
  - exists (fun _ => True) (fun _ => True); try (exists 0; trivial). intros ? ? _ _ t _. apply Rmult_1_l.
  - apply (mean_along e G (fun _ => 1)). apply moderate_const.
Qed.

(* The integrands, if the component's mean is tau along e. *)
Definition zeroth (c tau t : R) := sigma c (nu * (tau + t)) * bell t.
Definition once (c tau t : R) := sigma c (nu * (tau + t)) * (tau + t) * bell t.

Lemma sigma_range c s : 0 < c -> 0 < sigma c s <= 1.
Proof.
  intros Hc. unfold sigma. pose proof (exp_pos (- s)). assert (0 < c * exp (- s)) by (apply Rmult_lt_0_compat; assumption).
  split; [apply Rinv_0_lt_compat; lra|]. rewrite <- Rinv_1. apply Rinv_le_contravar; lra.
Qed.

Lemma sigma_continuous c tau t : 0 < c -> continuous (fun t => sigma c (nu * (tau + t))) t.
Proof.
  intros Hc. apply (ex_derive_continuous (K := R_AbsRing) (V := R_NormedModule)). unfold sigma. auto_derive.
  pose proof (exp_pos (- (nu * (tau + t)))). assert (0 < c * exp (- (nu * (tau + t)))) by (apply Rmult_lt_0_compat; assumption). lra.
Qed.

Let c := w2 F / w1 F.
Lemma c_pos : 0 < c.
Proof. destruct HF as (P1 & P2 & _). apply Rdiv_lt_0_compat; assumption. Qed.

Variable m : point.
Notation N := (normal G).

Lemma first_line x : first F M x = sigma c (nu * dot e x).
Proof. unfold first. rewrite HM. fold c. f_equal. unfold dot, scale; simpl; ring. Qed.

Definition zeroth_mean := G (fun z => sigma c (nu * (dot e m + dot e z))).
Definition once_mean := G (fun z => sigma c (nu * (dot e m + dot e z)) * (dot e m + dot e z)).

Lemma moderate_zeroth : moderate (fun z => sigma c (nu * (dot e m + dot e z))).
Proof.
  apply moderate_lipschitz with (phi := sigma c) (f := fun z => nu * (dot e m + dot e z)).
  - apply sigma_lipschitz, c_pos.
  - apply moderate_scal, moderate_plus; [apply moderate_const|apply moderate_dot].
Qed.

Lemma moderate_once : moderate (fun z => sigma c (nu * (dot e m + dot e z)) * (dot e m + dot e z)).
Proof. apply moderate_mult; [apply moderate_zeroth|]. apply moderate_plus; [apply moderate_const|apply moderate_dot]. Qed.

Lemma component_along : N m (fun x => first F M x * dot e x) = once_mean.
Proof.
  unfold normal, once_mean. apply mean_ext; [|apply moderate_once].
  intros z. rewrite first_line, dot_add. reflexivity.
Qed.

Lemma component_across : N m (fun x => first F M x * dot (turn e) x) = dot (turn e) m * zeroth_mean.
Proof.
  unfold normal, zeroth_mean.
  rewrite (mean_ext e G _ (fun z => dot (turn e) m * sigma c (nu * (dot e m + dot e z)) + 1 * (dot (turn e) z * sigma c (nu * (dot e m + dot e z))))).
  - rewrite (mean_linear e G (dot (turn e) m) 1 (fun z => sigma c (nu * (dot e m + dot e z))) (fun z => dot (turn e) z * sigma c (nu * (dot e m + dot e z))));
      [|apply moderate_zeroth|apply moderate_mult; [apply moderate_dot|apply moderate_zeroth]].
    rewrite (mean_across e G (fun t => sigma c (nu * (dot e m + t)))) by apply moderate_zeroth. ring.
  - intros z. rewrite first_line, !dot_add. ring.
  - apply moderate_linear; [apply moderate_zeroth|apply moderate_mult; [apply moderate_dot|apply moderate_zeroth]].
Qed.

Lemma zeroth_cut : Rabs (bell_mass * zeroth_mean - RInt (zeroth c (dot e m)) (- cut) cut) <= 2 * (1 * bell cut).
Proof.
  apply cut_line; unfold cut.
  - lra.
  - intros t. apply (continuous_mult (K := R_AbsRing) (fun t => sigma c (nu * (dot e m + t))) bell); [apply sigma_continuous, c_pos|apply bell_continuous].
  - intros t Ht. unfold zeroth. pose proof (sigma_range c (nu * (dot e m + t)) c_pos). pose proof (bell_pos t).
    rewrite Rabs_mult, !(Rabs_right (sigma _ _)), (Rabs_right (bell t)) by lra.
    rewrite Rmult_1_l. apply Rmult_le_compat_r; lra.
  - exact (mean_along e G (fun t => sigma c (nu * (dot e m + t))) moderate_zeroth).
Qed.

Lemma once_cut : Rabs (bell_mass * once_mean - RInt (once c (dot e m)) (- cut) cut) <= 2 * ((Rabs (dot e m) + 1) * bell cut).
Proof.
  apply cut_line; unfold cut.
  - lra.
  - intros t. apply (continuous_mult (K := R_AbsRing) (fun t => sigma c (nu * (dot e m + t)) * (dot e m + t)) bell); [|apply bell_continuous].
    apply (continuous_mult (K := R_AbsRing) (fun t => sigma c (nu * (dot e m + t))) (fun t => dot e m + t)); [apply sigma_continuous, c_pos|].
    apply (ex_derive_continuous (K := R_AbsRing) (V := R_NormedModule)). auto_derive. trivial.
  - intros t Ht. unfold once. pose proof (sigma_range c (nu * (dot e m + t)) c_pos). pose proof (bell_pos t).
    rewrite !Rabs_mult, (Rabs_right (sigma _ _)), (Rabs_right (bell t)) by lra.
    pose proof (Rabs_triang (dot e m) t). pose proof (Rabs_pos (dot e m)). pose proof (Rabs_pos (dot e m + t)).
    rewrite <- Rmult_assoc. apply Rmult_le_compat_r; [lra|]. nra.
  - exact (mean_along e G (fun t => sigma c (nu * (dot e m + t)) * (dot e m + t)) moderate_once).
Qed.
End component.

Lemma mass_cut e (G : gaussian e) : Rabs (bell_mass - RInt bell (- cut) cut) <= 2 * (1 * bell cut).
Proof.
  apply cut_line; unfold cut.
  - lra.
  - exact bell_continuous.
  - intros t Ht. pose proof (bell_pos t). rewrite Rabs_right by lra. nra.
  - exact (line_mass e G).
Qed.

(* The gradient, in numbers. *)
Lemma gradient_entries w1 w2 x1 y1 x2 y2 delta e1 e2 a b c along across :
  let m1 := w1 * x1 + w2 * x2 in let m2 := w1 * y1 + w2 * y2 in
  let h1 := e1 * along - e2 * across in let h2 := e2 * along + e1 * across in
  gradient {| InfoNCE.w1 := w1; InfoNCE.w2 := w2; mu1 := (x1, y1); mu2 := (x2, y2); InfoNCE.delta := delta |} (e1, e2) (Sym a b c) along across =
  Sym
    (- delta * (w1 * x1 * x1 + w2 * x2 * x2) - (1 - delta) * m1 * m1
      + w1 * x1 * (a * x1 + b * y1) + w2 * x2 * (a * x2 + b * y2) + a + m1 * x2 + h1 * (x1 - x2))
    (- delta * (w1 * x1 * y1 + w2 * x2 * y2) - (1 - delta) * m1 * m2
      + (w1 * (x1 * (b * x1 + c * y1) + y1 * (a * x1 + b * y1)) + w2 * (x2 * (b * x2 + c * y2) + y2 * (a * x2 + b * y2))) / 2
      + b + (m1 * y2 + m2 * x2) / 2 + (h1 * (y1 - y2) + h2 * (x1 - x2)) / 2)
    (- delta * (w1 * y1 * y1 + w2 * y2 * y2) - (1 - delta) * m2 * m2
      + w1 * y1 * (b * x1 + c * y1) + w2 * y2 * (b * x2 + c * y2) + c + m2 * y2 + h2 * (y1 - y2)).
Proof.
  unfold gradient, middle, plus, times, outer, apply, add, minus, scale, dot, turn; simpl. f_equal; field.
Qed.

(* What an instance has to show, in numbers: those of the mixture and e, the symmetric matrix (a, b, c) with (a, b, c)(mu1 - mu2) = nu e, v and eps, and some that follow from them:
   rho, and tau1, tau2 and up1, up2, the coordinates of the means along and across e. (xx, xy, yy) is the gradient at (a, b, c), of which mass, p1, ..., q2 are integrals. *)
Theorem refuted_on_a_line w1 w2 x1 y1 x2 y2 delta e1 e2 a b c nu v1 v2 eps rho tau1 tau2 up1 up2 :
  let F := {| InfoNCE.w1 := w1; InfoNCE.w2 := w2; mu1 := (x1, y1); mu2 := (x2, y2); InfoNCE.delta := delta |} in
  forall G : gaussian (e1, e2),
  0 < w1 /\ 0 < w2 /\ w1 + w2 = 1 /\ 0 <= delta <= 1 -> e1 * e1 + e2 * e2 = 1 -> x1 * y2 - y1 * x2 <> 0 ->
  a * (x1 - x2) + b * (y1 - y2) = nu * e1 /\ b * (x1 - x2) + c * (y1 - y2) = nu * e2 ->
  rho = w2 / w1 -> tau1 = e1 * x1 + e2 * y1 -> tau2 = e1 * x2 + e2 * y2 -> up1 = - e2 * x1 + e1 * y1 -> up2 = - e2 * x2 + e1 * y2 ->
  0 <= eps -> a * v1 * v1 + 2 * b * v1 * v2 + c * v2 * v2 + eps * (v1 * v1 + v2 * v2) < 0 ->
  (forall mass p1 q1 p2 q2 along across m1 m2 h1 h2 xx xy yy,
    Rabs (mass - RInt (fun t => exp (- t ^ 2 / 2)) (- 8) 8) <= / 10 ^ 12 ->
    Rabs (mass * p1 - RInt (fun t => / (1 + rho * exp (- (nu * (tau1 + t)))) * exp (- t ^ 2 / 2)) (- 8) 8) <= / 10 ^ 12 ->
    Rabs (mass * q1 - RInt (fun t => / (1 + rho * exp (- (nu * (tau1 + t)))) * (tau1 + t) * exp (- t ^ 2 / 2)) (- 8) 8) <= (1 + Rabs tau1) / 10 ^ 12 ->
    Rabs (mass * p2 - RInt (fun t => / (1 + rho * exp (- (nu * (tau2 + t)))) * exp (- t ^ 2 / 2)) (- 8) 8) <= / 10 ^ 12 ->
    Rabs (mass * q2 - RInt (fun t => / (1 + rho * exp (- (nu * (tau2 + t)))) * (tau2 + t) * exp (- t ^ 2 / 2)) (- 8) 8) <= (1 + Rabs tau2) / 10 ^ 12 ->
    along = w1 * q1 + w2 * q2 -> across = w1 * (up1 * p1) + w2 * (up2 * p2) ->
    m1 = w1 * x1 + w2 * x2 -> m2 = w1 * y1 + w2 * y2 ->
    h1 = e1 * along - e2 * across -> h2 = e2 * along + e1 * across ->
    xx = - delta * (w1 * x1 * x1 + w2 * x2 * x2) - (1 - delta) * m1 * m1
      + w1 * x1 * (a * x1 + b * y1) + w2 * x2 * (a * x2 + b * y2) + a + m1 * x2 + h1 * (x1 - x2) ->
    xy = - delta * (w1 * x1 * y1 + w2 * x2 * y2) - (1 - delta) * m1 * m2
      + (w1 * (x1 * (b * x1 + c * y1) + y1 * (a * x1 + b * y1)) + w2 * (x2 * (b * x2 + c * y2) + y2 * (a * x2 + b * y2))) / 2
      + b + (m1 * y2 + m2 * x2) / 2 + (h1 * (y1 - y2) + h2 * (x1 - x2)) / 2 ->
    yy = - delta * (w1 * y1 * y1 + w2 * y2 * y2) - (1 - delta) * m2 * m2
      + w1 * y1 * (b * x1 + c * y1) + w2 * y2 * (b * x2 + c * y2) + c + m2 * y2 + h2 * (y1 - y2) ->
    xx * xx + 2 * (xy * xy) + yy * yy <= eps * eps) ->
  equality_fails F G.
Proof.
  intros F G HF He Hd [HM1 HM2] -> -> -> -> -> Hp Hv H. set (e := (e1, e2) : point) in *. set (M := Sym a b c).
  assert (HM : apply M (minus (mu1 F) (mu2 F)) = scale nu e).
  { unfold apply, minus, scale, M, F, e; simpl. f_equal; assumption. }
  assert (B : bell cut <= / 10 ^ 12 / 2) by (unfold bell, cut; interval with (i_prec 30)).
  apply (refuted F e G HF M (v1, v2) eps He Hd Hp).
  2: { unfold form, apply, dot, M; simpl. lra. }
  unfold draw. rewrite !(component_along F e G M nu HF HM), !(component_across F e G M nu HF HM).
  cbv zeta. generalize (once_mean F e G nu (mu1 F)), (once_mean F e G nu (mu2 F)), (zeroth_mean F e G nu (mu1 F)), (zeroth_mean F e G nu (mu2 F)),
    (zeroth_cut F e G nu HF (mu1 F)), (once_cut F e G nu HF (mu1 F)), (zeroth_cut F e G nu HF (mu2 F)), (once_cut F e G nu HF (mu2 F)).
  intros q1 q2 p1 p2 Hp1 Hq1 Hp2 Hq2.
  unfold F, e, M. rewrite gradient_entries. unfold inner. cbn [Plane.xx Plane.xy Plane.yy].
  eapply (H bell_mass).
  - eapply Rle_trans; [exact (mass_cut e G)|]. lra.
  - eapply Rle_trans; [exact Hp1|]. lra.
  - eapply Rle_trans; [exact Hq1|].
    change (e1 * x1 + e2 * y1) with (dot e (mu1 F)). pose proof (Rabs_pos (dot e (mu1 F))).
    pose proof (Rmult_le_compat_l (Rabs (dot e (mu1 F)) + 1) _ _ ltac:(lra) B). lra.
  - eapply Rle_trans; [exact Hp2|]. lra.
  - eapply Rle_trans; [exact Hq2|].
    change (e1 * x2 + e2 * y2) with (dot e (mu2 F)). pose proof (Rabs_pos (dot e (mu2 F))).
    pose proof (Rmult_le_compat_l (Rabs (dot e (mu2 F)) + 1) _ _ ltac:(lra) B). lra.
  - reflexivity.
  - reflexivity.
  - reflexivity.
  - reflexivity.
  - reflexivity.
  - reflexivity.
  - reflexivity.
  - reflexivity.
  - reflexivity.
Qed.
